namespace Mlops.Store.AdHoc;

/// <summary>
/// Answers SQL that people write: one SELECT over feeds, in which nothing else can be reached. Each feed is a table under its
/// id, quoted: <c>"line4.press.data"</c>, all versions under the newest schema; <c>"line4.press.data@2"</c> is what version 2 wrote;
/// <c>"line4.press.data@all"</c> has all versions with text where their types differ. Thread-safe.
/// </summary>
public interface ISqlQueries
{
    /// <summary>Starts a statement.</summary>
    /// <param name="query">The statement and its limits.</param>
    /// <param name="cancellationToken">Stops the statement, also while its result is read.</param>
    /// <returns>The result, to be read once; disposing it ends the statement.</returns>
    /// <exception cref="SqlQueryException">It is refused, wrong, or reached a limit: what, where, and what helps.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now.</exception>
    Task<SqlResult> QueryAsync(SqlQuery query, CancellationToken cancellationToken = default);
}
