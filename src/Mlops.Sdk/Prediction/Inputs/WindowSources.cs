using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Prediction.Inputs;

/// <summary>Opens sources of windows.</summary>
internal static class WindowSources
{
    // Enough for the windows to come at common rates, without a look into the store for each row.
    private const int FirstRecords = 4096;

    /// <summary>Opens one.</summary>
    /// <param name="window">The window.</param>
    /// <param name="plan">What stands behind the inputs.</param>
    /// <param name="fill">What to do with missing values.</param>
    /// <param name="defaults">The defaults of the inputs, where they are what to do with missing values.</param>
    /// <param name="store">Has the other feeds.</param>
    /// <param name="reader">Reads all of them.</param>
    /// <param name="tail">Knows how far they have come.</param>
    /// <param name="time">The clock.</param>
    public static WindowSource Open(
        WorkflowWindow window, InputPlan plan, MissingValues fill, IReadOnlyList<object>? defaults, IFeedStore store, IFeedReader reader, ILiveTail tail, TimeProvider time)
    {
        // A value of another feed is carried as far as one of the feed itself.
        long? gap = (window.Gap ?? window.Size) is { } longest ? longest.Ticks * TimeSpan.NanosecondsPerTick : null;
        IEnumerable<JoinedSource> joins = plan.Joins.Select(j => j with { Tolerance = j.Tolerance ?? gap });
        return new WindowSource(
            window, plan, fill, defaults, [.. joins.Select(j => new AsOfFeed(j, plan.Inputs, fill != MissingValues.Null, store, reader, tail, time, FirstRecords))], reader);
    }
}
