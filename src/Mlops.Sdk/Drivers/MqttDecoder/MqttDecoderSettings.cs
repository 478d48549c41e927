using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Mlops.Drivers.MqttDecoder;

/// <summary>Settings of an asset of the kind <c>mqtt-decoder</c>: decodes binary or text payloads from MQTT by a declared layout.</summary>
public sealed class MqttDecoderSettings : IValidatableObject
{
    /// <summary>Gets or sets the topics.</summary>
    [Required]
    [MinLength(1, ErrorMessage = "At least one topic is needed.")]
    [Display(Name = "Topics", Description = "Topic filters, with + for one level and # for the rest.")]
    public IList<string> Topics { get; set; } = [];

    /// <summary>Gets or sets the last part of the feed's id.</summary>
    [Required]
    [Display(Name = "Group", Description = "Last part of the id of the feed into which the records go.")]
    public string Group { get; set; } = "values";

    /// <summary>Gets or sets how the payload is wrapped.</summary>
    [Display(Name = "Wrapper", Description = "none, hex or base64: what has to be undone before decoding.")]
    public PayloadWrapper Wrapper { get; set; }

    /// <summary>Gets or sets what the payload is.</summary>
    [Display(Name = "Format", Description = "binary; delimited text; or text that a regular expression takes apart.")]
    public PayloadFormat Format { get; set; }

    /// <summary>Gets or sets the order of bytes.</summary>
    [Display(Name = "Byte order", Description = "Order of the bytes of numbers.")]
    public ByteOrder ByteOrder { get; set; }

    /// <summary>Gets or sets how many bytes stand before the first record of a payload with several.</summary>
    /// <value>Default 0.</value>
    [Range(0, 10_000_000)]
    [Display(Name = "Header length", Description = "Bytes before the first record of a binary payload with several records.")]
    public int HeaderLength { get; set; }

    /// <summary>Gets or sets how many bytes a record has, when a binary payload holds several, one behind the other.</summary>
    /// <value>Default 0: a payload is one record.</value>
    [Range(0, 10_000_000)]
    [Display(Name = "Record length", Description = "Bytes of each record of a binary payload with several records; 0: a payload is one record.")]
    public int RecordLength { get; set; }

    /// <summary>Gets or sets the time from one record of a payload to the next, where they have no times of their own.</summary>
    /// <value>Default 0. The time in the header is that of the first record, the time of arrival that of the last.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Record interval", Description = "Time from one record of a payload to the next, where they have no times of their own.")]
    public TimeSpan RecordInterval { get; set; }

    /// <summary>Gets or sets what separates the values of delimited text.</summary>
    /// <value>Default <c>;</c>.</value>
    [Display(Name = "Delimiter", Description = "What separates the values of delimited text; tab for a tabulator.")]
    public string Delimiter { get; set; } = ";";

    /// <summary>Gets or sets the regular expression whose named groups are the fields of text.</summary>
    [Display(Name = "Regular expression", Description = "Its named groups are the fields, for example T=(?<temperature>[-0-9.]+).")]
    public string? Regex { get; set; }

    /// <summary>Gets or sets how long the regular expression may take for a message.</summary>
    /// <value>Default 100 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Match timeout", Description = "How long the regular expression may take for a message.")]
    public TimeSpan MatchTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets the fields.</summary>
    [Required]
    [MinLength(1, ErrorMessage = "At least one field is needed.")]
    [Display(Name = "Fields", Description = "The fields of a payload.")]
    public IList<PayloadField> Fields { get; set; } = [];

    /// <summary>Gets or sets the field that holds the time.</summary>
    /// <value><see langword="null"/>, the default: the time of arrival.</value>
    [Display(Name = "Timestamp field", Description = "Field with the time of the record, a number since 1970 (the unit follows from its size) or ISO 8601 text; empty: the time of arrival.")]
    public string? Timestamp { get; set; }

    /// <summary>Gets or sets the field that holds the asset's own message number.</summary>
    [Display(Name = "Sequence field", Description = "Field with the asset's own message number, kept as seq.")]
    public string? Sequence { get; set; }

    /// <summary>Gets or sets which levels of the topic become columns.</summary>
    [Display(Name = "Topic columns", Description = "Text columns by name, from levels of the topic counted from 1.")]
    public IDictionary<string, int> TopicColumns { get; set; } = new Dictionary<string, int>();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (string topic in Topics.Where(t => !Mqtt.MqttTopicFilter.IsValidFilter(t)))
            yield return new ValidationResult($"'{topic}' is not a topic filter. + stands for a whole level, # for the rest and only at the end.", [nameof(Topics)]);
        foreach (string twice in Fields.SelectMany(f => f.Columns).Concat(TopicColumns.Keys).GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key))
            yield return new ValidationResult($"The column '{twice}' stands twice. Names must be unique.", [nameof(Fields)]);
        foreach (string name in new[] { Timestamp, Sequence }.OfType<string>().Where(n => n.Length > 0 && Fields.All(f => f.Name != n || f.Count > 1)))
            yield return new ValidationResult($"'{name}' is not the name of a single field.", [name == Timestamp ? nameof(Timestamp) : nameof(Sequence)]);
        foreach ((string column, int level) in TopicColumns.Where(c => c.Value < 1))
            yield return new ValidationResult($"'{column}' takes level {level}. Levels count from 1.", [nameof(TopicColumns)]);
        if (Format == PayloadFormat.Delimited && Delimiter.Length == 0)
            yield return new ValidationResult("Delimited text needs a delimiter.", [nameof(Delimiter)]);
        if (Format == PayloadFormat.Regex)
        {
            string? wrong = null;
            try
            {
                string[] groups = new Regex(Regex ?? "", RegexOptions.CultureInvariant, MatchTimeout).GetGroupNames();
                if (Fields.FirstOrDefault(f => !groups.Contains(f.Name)) is { } missing)
                    wrong = $"It has no group '{missing.Name}'. Write (?<{missing.Name}>…) where the value stands.";
            }
            catch (ArgumentException e)
            {
                wrong = $"It is not a regular expression: {e.Message}";
            }

            if (wrong is not null)
                yield return new ValidationResult(wrong, [nameof(Regex)]);
        }

        foreach (ValidationResult wrong in ValidateRecords())
            yield return wrong;
        foreach (PayloadField field in Fields.Where(f => Format != PayloadFormat.Binary && (f.Count > 1 || f.Bits > 0)))
            yield return new ValidationResult($"Field '{field.Name}': lists and bits are for binary payloads.", [nameof(Fields)]);
    }

    private IEnumerable<ValidationResult> ValidateRecords()
    {
        if (RecordLength == 0)
        {
            if (HeaderLength > 0 || RecordInterval > TimeSpan.Zero || Fields.Any(f => f.InHeader))
                yield return new ValidationResult("A header and an interval belong to payloads with several records. Give the length of a record.", [nameof(RecordLength)]);
            yield break;
        }

        if (Format != PayloadFormat.Binary)
            yield return new ValidationResult("Several records of one length are for binary payloads.", [nameof(RecordLength)]);
        if (RecordInterval > TimeSpan.Zero && Fields.Any(f => f.Name == Timestamp && !f.InHeader))
            yield return new ValidationResult($"The records have times of their own ('{Timestamp}'). Leave the interval out.", [nameof(RecordInterval)]);
        foreach (PayloadField field in Fields)
        {
            int room = field.InHeader ? HeaderLength : RecordLength;
            if (field.Type == PayloadType.Text && field.Length == 0)
                yield return new ValidationResult($"Field '{field.Name}': a text in a payload with several records needs a length.", [nameof(Fields)]);
            else if ((long)field.Offset + ((long)field.Width * field.Count) > room)
                yield return new ValidationResult($"Field '{field.Name}' ends behind the {(field.InHeader ? "header" : "record")} of {room} bytes.", [nameof(Fields)]);
        }
    }
}
