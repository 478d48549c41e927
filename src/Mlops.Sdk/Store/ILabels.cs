namespace Mlops.Store;

/// <summary>Keeps the truth about records. The newest label of the preferred source wins; older ones stay as history.</summary>
public interface ILabels
{
    /// <summary>Adds labels; durable when the task completes.</summary>
    /// <param name="feed">Id of the feed whose records are labelled.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many were added.</returns>
    /// <exception cref="ArgumentException">A label names no record, or several ways at once.</exception>
    Task<int> AddAsync(string feed, IReadOnlyList<Label> labels, CancellationToken cancellationToken = default);

    /// <summary>Lists labels, newest first.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="set">Name of the label set; <see langword="null"/> for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>The labels.</returns>
    IReadOnlyList<Label> List(string feed, string? set = null, int limit = 1000);

    /// <summary>Occurs after labels became durable, on the thread that stored them; handlers return quickly.</summary>
    event Action<string, IReadOnlyList<Label>>? Added;
}
