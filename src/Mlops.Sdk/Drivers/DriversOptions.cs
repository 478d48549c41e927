using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers;

/// <summary>How drivers are run, section <c>Mlops:Drivers</c>.</summary>
public sealed class DriversOptions
{
    /// <summary>Gets or sets after how long a driver that failed is started again for the first time; each further time takes twice as long.</summary>
    /// <value>Default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan FirstRestart { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets after how long at most it is started again. A driver that has run longer than this starts from <see cref="FirstRestart"/> again.</summary>
    /// <value>Default 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LastRestart { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how long a driver may take to end when asked to, before it is given up.</summary>
    /// <value>Default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long browsing, writing values, calling methods, previews and looking for assets may take.</summary>
    /// <value>Default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long a test of a connection waits for the asset.</summary>
    /// <value>Default 15 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan TestTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets how many states of each asset are remembered.</summary>
    /// <value>Default 100.</value>
    [Range(1, 10_000)]
    public int HistoryLength { get; set; } = 100;

    /// <summary>Gets or sets how many records of one asset may wait until they are durable; its driver waits meanwhile, others do not.</summary>
    /// <value>Default 16,384.</value>
    [Range(1, 10_000_000)]
    public int MaxWaitingRecords { get; set; } = 16_384;
}
