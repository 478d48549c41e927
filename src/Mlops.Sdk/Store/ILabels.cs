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

    /// <summary>Takes labels back. They stay in the history and count no more; an older label of the same record counts again.</summary>
    /// <param name="feed">Id of the feed whose records are labelled.</param>
    /// <param name="ids">Numbers of the labels, see <see cref="Label.Id"/>; those that are not there, or are deleted already, are passed over.</param>
    /// <param name="author">Who says so.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many were deleted; durable when the task completes.</returns>
    Task<int> DeleteAsync(string feed, IReadOnlyList<long> ids, string? author = null, CancellationToken cancellationToken = default);

    /// <summary>Imports labels from CSV, in one step: the good ones, while the bad lines are reported.</summary>
    /// <param name="feed">Id of the feed whose records are labelled.</param>
    /// <param name="csv">UTF-8 text. Its columns: <c>value</c>; optionally <c>set</c> and <c>author</c>; and what names the record: <c>row</c> (the position), <c>seq</c> (optionally with <c>ts</c>), <c>from</c> and <c>to</c>, or else exactly one column that is called like a field of the feed, its key.</param>
    /// <param name="set">Name of the label set where a line has none.</param>
    /// <param name="author">Who labelled where a line does not say.</param>
    /// <param name="cancellationToken">Stops the import; nothing is kept then.</param>
    /// <returns>What became of the lines.</returns>
    /// <exception cref="ArgumentException">There is no such feed, or the first line does not name the columns.</exception>
    Task<LabelImport> ImportAsync(string feed, Stream csv, string set, string? author = null, CancellationToken cancellationToken = default);

    /// <summary>Lists every label that there ever was, deleted ones too, newest first.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="set">Name of the label set; <see langword="null"/> for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>The labels.</returns>
    IReadOnlyList<Label> History(string feed, string? set = null, int limit = 1000);

    /// <summary>Lists the labels that count, newest first.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="set">Name of the label set; <see langword="null"/> for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>The labels.</returns>
    IReadOnlyList<Label> List(string feed, string? set = null, int limit = 1000);

    /// <summary>Occurs after labels became durable, on the thread that stored them; handlers return quickly.</summary>
    event Action<string, IReadOnlyList<Label>>? Added;
}
