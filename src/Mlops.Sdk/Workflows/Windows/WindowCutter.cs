namespace Mlops.Workflows.Windows;

/// <summary>
/// Cuts the records of a feed into windows, in the order of their positions. What it cuts depends on nothing but the records, so that
/// training, backtest and live prediction, also after a restart, see the same windows. Used by one loop alone.
/// </summary>
/// <remarks>Python authors have the same rules in <c>mlops/_windows.py</c>.</remarks>
internal abstract class WindowCutter
{
    private protected WindowCutter(WorkflowWindow window, int width, bool carries)
    {
        (Window, Width, Carries) = (window, width, carries);
    }

    /// <summary>Gets how far before a record's time others may matter for windows to come, in nanoseconds; <see langword="null"/> when they are counted.</summary>
    public abstract long? Reach { get; }

    /// <summary>Gets or sets the record from which hops are counted; <see langword="null"/> when it does not matter, or none has ended yet.</summary>
    public long? Anchor { get; set; }

    protected WorkflowWindow Window { get; }

    protected int Width { get; }

    protected bool Carries { get; }

    /// <summary>Makes the cutter of a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="width">How many values a record has.</param>
    /// <param name="fill">What becomes of missing values: unless they are wanted as null, values are carried over from record to record as far as the gap allows.</param>
    public static WindowCutter Of(WorkflowWindow window, int width, MissingValues fill) =>
        window.Size is null ? new CountedCutter(window, width, fill != MissingValues.Null) : new TimedCutter(window, width, fill != MissingValues.Null);

    /// <summary>Takes the next record.</summary>
    /// <param name="row">The record.</param>
    /// <param name="values">Its values; NaN where there is none.</param>
    /// <param name="ended">Receives the windows that end with it.</param>
    public abstract void Add(in WindowRow row, ReadOnlySpan<double> values, List<CutWindow> ended);

    /// <summary>Says that the records before a start have been taken: windows that ended with them count as dealt with.</summary>
    public virtual void Begin()
    {
        // What is cut by time does not depend on where one begins.
    }

    private protected static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
