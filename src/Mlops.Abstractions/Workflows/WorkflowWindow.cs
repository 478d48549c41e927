namespace Mlops.Workflows;

/// <summary>
/// Says how records are put together into windows, each of which gets one answer. Batches for such a workflow hold whole windows:
/// <see cref="Rows"/> rows each, oldest first, one window behind the other; the last row has the number and time of the answered record.
/// </summary>
public sealed record WorkflowWindow
{
    /// <summary>The most rows that a window may have.</summary>
    public const int MaxRows = 10_000;

    /// <summary>The rows of a window of time when nothing else is said.</summary>
    public const int DefaultRows = 128;

    /// <summary>Gets how many rows a window has: records, or instants at equal distances.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets how long a window is; <see langword="null"/> when it is a number of records.</summary>
    public TimeSpan? Size { get; init; }

    /// <summary>Gets how much later the next window ends; <see langword="null"/> when it is a number of records.</summary>
    public TimeSpan? Hop { get; init; }

    /// <summary>Gets how many records later the next window ends, where windows are numbers of records.</summary>
    public int HopRows { get; init; }

    /// <summary>Gets how long a window of time waits for records that are late.</summary>
    public TimeSpan Late { get; init; }

    /// <summary>
    /// Gets how old a value may be to stand for one that is missing, and how long records may pause within a window; <see langword="null"/>
    /// for the window's length, or for any where windows are numbers of records.
    /// </summary>
    public TimeSpan? Gap { get; init; }

    /// <summary>Gets which truth a window has.</summary>
    public WindowLabel Label { get; init; }
}
