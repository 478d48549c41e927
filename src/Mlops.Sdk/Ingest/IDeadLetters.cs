namespace Mlops.Ingest;

/// <summary>The messages that could not be understood, kept within bounds in the folder <c>dead-letters</c>. Thread-safe.</summary>
public interface IDeadLetters
{
    /// <summary>Lists the newest letters first.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="topicFilter">Only of these topics; <see langword="null"/> for all.</param>
    /// <returns>The letters.</returns>
    IReadOnlyList<DeadLetterInfo> List(int limit = 100, string? topicFilter = null);

    /// <summary>Counts what was put aside since the start of the process, also what is no longer there, by cause and source.</summary>
    /// <returns>The counts, the highest first.</returns>
    IReadOnlyList<DeadLetterCount> Counts();

    /// <summary>Returns a letter.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The letter, or <see langword="null"/> when it is no longer there.</returns>
    DeadLetterInfo? Find(string id);

    /// <summary>Takes letters again, as if they came now, after a mapping or metadata were mended. At least once: a crash may leave a letter that was taken.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="cancellationToken">Gives up waiting; letters may have been taken all the same.</param>
    /// <returns>What became of them, once all are durable or left.</returns>
    Task<ReplayResult> ReplayAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Deletes letters.</summary>
    /// <param name="ids">Their ids.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    int Delete(IReadOnlyCollection<string> ids);
}
