using System.ComponentModel.DataAnnotations;

namespace Mlops.Ingest.Assembly;

/// <summary>How the rows of some feeds are assembled, an entry of <c>Mlops:Ingest:Assembly</c>; added once to <see cref="IAssemblies"/>, which rules from then on.</summary>
public sealed class AssemblyOptions
{
    /// <summary>Gets or sets the feed.</summary>
    /// <value>An id, or its beginning followed by <c>*</c>, for example <c>s7c1.press.*</c>.</value>
    [Required]
    public string Feed { get; set; } = "";

    /// <summary>Gets or sets how.</summary>
    /// <value>Default <see cref="AssemblyMode.Message"/>.</value>
    public AssemblyMode Mode { get; set; }

    /// <summary>Gets or sets how old a last known value may be to stand in a row.</summary>
    /// <value>Default 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how long a cycle is. Rows stand at whole multiples of it.</summary>
    /// <value>Default 1 s; at least 10 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets whether data points of the databus have a column each.</summary>
    /// <value>Default <see cref="FeedShape.Auto"/>.</value>
    public FeedShape Shape { get; set; }

    /// <summary>Returns the same as an entry of the catalog.</summary>
    internal FeedAssembly ToAssembly() => new() { Feed = Feed, Mode = Mode, MaxAge = MaxAge, Period = Period, Shape = Shape };
}
