using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Mlops.Data;

namespace Mlops.Drivers.MqttDecoder;

/// <summary>A field of a payload.</summary>
public sealed class PayloadField : IValidatableObject
{
    /// <summary>Gets or sets the name of the column; of the group in a regular expression.</summary>
    [Required]
    [Display(Name = "Name")]
    public string Name { get; set; } = "";

    /// <summary>Gets or sets how the value stands in the payload.</summary>
    [Display(Name = "Type")]
    public PayloadType Type { get; set; }

    /// <summary>Gets or sets where it begins: the byte of a binary payload, or the number of the value in delimited text; from 0.</summary>
    [Range(0, 10_000_000)]
    [Display(Name = "Offset", Description = "Byte of a binary payload, or number of the value in delimited text; from 0.")]
    public int Offset { get; set; }

    /// <summary>Gets or sets a value indicating whether it stands in the header of a payload with several records, and so is the same for all of them.</summary>
    /// <value>Default false: in each record, counted from where that begins.</value>
    [Display(Name = "In header", Description = "Whether it stands before the records of a payload with several, and so is the same for all of them.")]
    public bool InHeader { get; set; }

    /// <summary>Gets or sets how many bytes a text has, or 0 for the rest of the payload.</summary>
    [Range(0, 10_000_000)]
    [Display(Name = "Length", Description = "Bytes of a text; 0: the rest of the payload.")]
    public int Length { get; set; }

    /// <summary>Gets or sets how many values stand one behind the other.</summary>
    /// <value>Default 1; more give columns <c>name[0]</c>, <c>name[1]</c> and so on.</value>
    [Range(1, 4096)]
    [Display(Name = "Count", Description = "How many values stand one behind the other; more than 1 give columns name[0], name[1], …")]
    public int Count { get; set; } = 1;

    /// <summary>Gets or sets the lowest bit that counts, from 0.</summary>
    [Range(0, 63)]
    [Display(Name = "First bit", Description = "Lowest bit that counts, from 0; with bits.")]
    public int FirstBit { get; set; }

    /// <summary>Gets or sets how many bits count.</summary>
    /// <value>Default 0: all.</value>
    [Range(0, 63)]
    [Display(Name = "Bits", Description = "How many bits of an unsigned number count; 0: all.")]
    public int Bits { get; set; }

    /// <summary>Gets or sets what the number is multiplied with.</summary>
    /// <value>Default 1.</value>
    [Display(Name = "Scale", Description = "What the number is multiplied with.")]
    public double Scale { get; set; } = 1;

    /// <summary>Gets or sets what is added to the scaled number.</summary>
    /// <value>Default 0.</value>
    [Display(Name = "Add", Description = "What is added to the scaled number.")]
    public double Add { get; set; }

    /// <summary>Gets or sets the unit.</summary>
    [Display(Name = "Unit", Description = "Unit of the values, for example °C.")]
    public string? Unit { get; set; }

    /// <summary>Gets or sets the order of its bytes, where it is another than that of the payload.</summary>
    [Display(Name = "Byte order", Description = "Where it is another than that of the payload.")]
    public ByteOrder? ByteOrder { get; set; }

    internal bool IsScaled => Scale != 1 || Add != 0;

    /// <summary>Gets the names of its columns.</summary>
    internal IEnumerable<string> Columns => Count == 1 ? [Name] : Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Name}[{i}]"));

    /// <summary>Gets what its columns hold.</summary>
    internal FieldType Stored => Type switch
    {
        PayloadType.Text => FieldType.Text,
        PayloadType.Boolean => FieldType.Boolean,
        _ when IsScaled => FieldType.Float64,
        PayloadType.Float32 or PayloadType.Float64 => FieldType.Float64,
        PayloadType.UInt64 when Bits == 0 => FieldType.UInt64,
        _ => FieldType.Int64,
    };

    /// <summary>Gets how many bytes one value has.</summary>
    internal int Width => Type switch
    {
        PayloadType.Int8 or PayloadType.UInt8 or PayloadType.Boolean => 1,
        PayloadType.Int16 or PayloadType.UInt16 => 2,
        PayloadType.Int32 or PayloadType.UInt32 or PayloadType.Float32 => 4,
        PayloadType.Text => Length,
        _ => 8,
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Bits > 0 && Type is not (PayloadType.UInt8 or PayloadType.UInt16 or PayloadType.UInt32 or PayloadType.UInt64 or PayloadType.Boolean))
            yield return new ValidationResult("Bits are taken from unsigned numbers or boolean.", [nameof(Bits)]);
        if (Bits > 0 && FirstBit + Bits > Width * 8)
            yield return new ValidationResult($"Bits {FirstBit} to {FirstBit + Bits - 1} lie outside of {Type}.", [nameof(Bits)]);
        if (IsScaled && Type is (PayloadType.Text or PayloadType.Boolean))
            yield return new ValidationResult("Only numbers are scaled.", [nameof(Scale)]);
        if (!double.IsFinite(Scale) || !double.IsFinite(Add))
            yield return new ValidationResult("Scale and add must be finite.", [nameof(Scale)]);
        if (Type == PayloadType.Text && Count > 1 && Length == 0)
            yield return new ValidationResult("Several texts need a length.", [nameof(Length)]);
    }
}
