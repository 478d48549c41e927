using Mlops.DuckDb;
using Mlops.Store.Queries;

namespace Mlops.Store.AdHoc;

/// <summary>What a running statement holds, its time limit, and how the engine's errors read to whoever wrote it.</summary>
internal sealed class SqlRun : IDisposable
{
    private readonly string _text;
    private readonly SqlOptions _options;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;
    private readonly SemaphoreSlim _turns;
    private bool _hasTurn;
    private int _disposed;

    public SqlRun(string text, TimeSpan timeout, SqlOptions options, TimeProvider time, SemaphoreSlim turns, CancellationToken caller)
    {
        _text = text;
        _options = options;
        _timeout = timeout;
        _caller = caller;
        _turns = turns;
        _timer = new CancellationTokenSource(timeout, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>Gets or sets the engine.</summary>
    public SqlSession? Session { get; set; }

    private int Offset { get; set; }

    public async Task WaitForTurnAsync()
    {
        await _turns.WaitAsync(Token).ConfigureAwait(false);
        _hasTurn = true;
    }

    /// <summary>Says what stands before the text in the SQL that runs next, and returns that SQL.</summary>
    public string Place(string before, string sql)
    {
        Offset = before.Length;
        return sql;
    }

    /// <summary>Gives the engine up, to try again with another.</summary>
    public void Reset()
    {
        Session?.Dispose();
        (Session, Offset) = (null, 0);
    }

    /// <summary>Does a part of the work off the caller's thread.</summary>
    public async Task<T> DoAsync<T>(Func<T> work)
    {
        try
        {
            return await Task.Run(work, Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (Timeout(e) is { } timeout)
        {
            throw timeout;
        }
        catch (DuckDbException e) when (!IsOfStorage(e))
        {
            throw Explain(e);
        }
        catch (DuckDbException e)
        {
            throw new IOException($"Reading stored data for the statement failed: {FilterExpression.Reason(e)}. It is not known to be broken; try again.", e);
        }
    }

    /// <summary>Returns the fault behind a cancellation, if it was the time limit.</summary>
    public SqlQueryException? Timeout(OperationCanceledException e) => !_timer.IsCancellationRequested || _caller.IsCancellationRequested ? null : new SqlQueryException(
        SqlFault.Limit, $"The statement was stopped after {_timeout}. Read a shorter time or fewer columns, or raise Mlops:Store:Sql:Timeout.", _text, null, e);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Session?.Dispose();
        _either.Dispose();
        _timer.Dispose();
        if (_hasTurn)
            _turns.Release();
    }

    public static bool IsOfStorage(DuckDbException e) => e.ErrorType is "IO" or "Invalid" or "Fatal" or "Corrupt" || (e.ErrorType == "Invalid Input" && e.Message.Contains(".parquet", StringComparison.Ordinal));

    private SqlQueryException Explain(DuckDbException e)
    {
        string reason = FilterExpression.Reason(e);
        int? position = e.Position is { } at && at >= Offset && at - Offset <= _text.Length ? at - Offset : null;
        return e.ErrorType switch
        {
            "Out of Memory" => new SqlQueryException(
                SqlFault.Limit, $"The statement needs more than {_options.Memory} of memory and {_options.Spill} of disk: {FirstLine(reason)}. Read a shorter time or fewer groups, or raise Mlops:Store:Sql:Memory.", _text, null, e),
            "Parser" or "Binder" or "Catalog" => new SqlQueryException(SqlFault.Wrong, $"{reason}.", _text, position, e),
            "Permission" => new SqlQueryException(SqlFault.Refused, $"{FirstLine(reason)}. SQL reaches feeds only.", _text, position, e),
            _ => new SqlQueryException(SqlFault.Failed, $"{reason}. Make it hold for every record, for example with TRY_CAST.", _text, position, e),
        };
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('.', ' ');
}
