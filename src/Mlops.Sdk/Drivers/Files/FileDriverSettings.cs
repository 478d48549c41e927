using System.ComponentModel.DataAnnotations;
using Mlops.Data;

namespace Mlops.Drivers.Files;

/// <summary>Settings of an asset of the kind <c>file</c>: reads the records of a folder's files as they are written, or plays them back.</summary>
public sealed class FileDriverSettings : IValidatableObject
{
    /// <summary>Gets or sets the folder.</summary>
    [Required]
    [Display(Name = "Folder", Description = "Folder whose files are read. It may appear later.")]
    public string Folder { get; set; } = "";

    /// <summary>Gets or sets which files of the folder are read.</summary>
    /// <value>A name with <c>*</c> and <c>?</c>; default <c>*</c>.</value>
    [Required]
    [Display(Name = "Pattern", Description = "Which files: a name with * and ?. A file that is rotated must keep a name that fits, to be read to its end.")]
    public string Pattern { get; set; } = "*";

    /// <summary>Gets or sets a value indicating whether folders below are read as well.</summary>
    [Display(Name = "Subfolders", Description = "Whether files in folders below are read as well.")]
    public bool Subfolders { get; set; }

    /// <summary>Gets or sets what the files hold.</summary>
    [Display(Name = "Format", Description = "auto: by the name's ending (.parquet; .json, .jsonl, .ndjson; anything else is CSV).")]
    public RecordFileFormat Format { get; set; }

    /// <summary>Gets or sets the last part of the feed's id.</summary>
    [Required]
    [Display(Name = "Group", Description = "Last part of the id of the feed into which all files go.")]
    public string Group { get; set; } = "records";

    /// <summary>Gets or sets the column that holds each record's time.</summary>
    /// <value><see langword="null"/>, the default: the time of reading.</value>
    [Display(Name = "Timestamp column", Description = "Column with the time of each record; empty: the time of reading.")]
    public string? Timestamp { get; set; }

    /// <summary>Gets or sets how times are written.</summary>
    /// <value><see langword="null"/>, the default: ISO 8601, or a number since 1970 whose unit follows from its size. Else a .NET format, for example <c>dd.MM.yyyy HH:mm:ss</c>. Times without offset are UTC.</value>
    [Display(Name = "Timestamp format", Description = "Empty: ISO 8601, or a number since 1970. Else a .NET format such as dd.MM.yyyy HH:mm:ss. Times without offset are UTC.")]
    public string? TimestampFormat { get; set; }

    /// <summary>Gets or sets where reading begins in files that are there when the asset is read for the first time.</summary>
    [Display(Name = "Start", Description = "Where files are begun that are there at the very first start. Files that come later are read from their beginning.")]
    public FileStart Start { get; set; }

    /// <summary>Gets or sets how fast records are played back, by their own times.</summary>
    /// <value><see langword="null"/>, the default: as fast as they come. 1: as fast as they were recorded; 10: ten times as fast.</value>
    [Range(0.001, 1_000_000)]
    [Display(Name = "Speed", Description = "Empty: as fast as they come. 1: paced as recorded, 10: ten times as fast. Needs a timestamp column.")]
    public double? Speed { get; set; }

    /// <summary>Gets or sets a value indicating whether records get the time of reading instead of their own, as if they happened now.</summary>
    [Display(Name = "Restamp", Description = "Gives records the time of reading instead of their own, as if they happened now.")]
    public bool Restamp { get; set; }

    /// <summary>Gets or sets what separates the values of a CSV line.</summary>
    /// <value>One character, or <c>tab</c>; <see langword="null"/>, the default: the most frequent of <c>, ; tab |</c> in the first line.</value>
    [RegularExpression(@"^(tab|[^""\r\n])$", ErrorMessage = "It must be one character, or 'tab'.")]
    [Display(Name = "Delimiter", Description = "One character, or tab; empty: found out from the first line.")]
    public string? Delimiter { get; set; }

    /// <summary>Gets or sets the names of the columns of CSV files that have no header.</summary>
    /// <value>Default none: the first line is the header.</value>
    [Display(Name = "Columns", Description = "Names of the columns of CSV files without a header; none: the first line is the header.")]
    public IList<string> Columns { get; set; } = [];

    /// <summary>Gets or sets the types of columns for which the usual ones do not fit.</summary>
    /// <value>Default none: numbers are stored as float64, true and false as boolean, everything else as text.</value>
    [Display(Name = "Types", Description = "Types by column, where the usual ones (float64, boolean, text) do not fit: int64, uInt64, timestamp, text, …")]
    public IDictionary<string, FieldType> Types { get; set; } = new Dictionary<string, FieldType>();

    /// <summary>Gets or sets the units of columns.</summary>
    [Display(Name = "Units", Description = "Units by column, for example °C.")]
    public IDictionary<string, string> Units { get; set; } = new Dictionary<string, string>();

    /// <summary>Gets or sets how often files are looked at.</summary>
    /// <value>Default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Poll interval", Description = "How often the folder is looked at.")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets for how long a file must not have grown until its last line counts although it has no line end.</summary>
    /// <value>Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Settle time", Description = "For how long a file must not have grown until its last line counts although it has no line end.")]
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long a line may be.</summary>
    /// <value>Bytes; default 1 MiB.</value>
    [Range(64, 64 << 20)]
    [Display(Name = "Longest line", Description = "How long a line may be, in bytes; longer ones are bad.")]
    public int MaxLineBytes { get; set; } = 1 << 20;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Speed is not null && string.IsNullOrEmpty(Timestamp))
            yield return new ValidationResult("Playing back needs the records' times. Give timestamp, or leave speed out.", [nameof(Speed)]);
        if (Columns.Distinct(StringComparer.Ordinal).Count() != Columns.Count)
            yield return new ValidationResult("A column stands twice. Names must be unique.", [nameof(Columns)]);
        if (Pattern.AsSpan().ContainsAny('/', '\\'))
            yield return new ValidationResult("It names files, not paths. Give the path in folder, or set subfolders.", [nameof(Pattern)]);
    }
}
