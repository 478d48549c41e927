using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Mlops.Store.Catalog;

/// <summary>
/// Gives positions. A block of them is durable before the first one of it is given, so none is given twice, whatever happens; the
/// next block is made durable in the background when half of one is used.
/// </summary>
internal sealed class PositionReservation
{
    public const int BlockSize = 65_536;
    public const string Setting = "positions.reserved";
    private readonly Lock _lock = new();
    private readonly NodeDatabase _database;
    private readonly ILogger _logger;
    private long _next;
    private long _end;
    private Task? _extending;

    public PositionReservation(NodeDatabase database, ILogger logger)
    {
        _database = database;
        _logger = logger;
        _next = _end = 1 + database.Read(ReadReserved);
    }

    /// <summary>Returns the highest position that may have been given.</summary>
    public static long ReadReserved(SqliteConnection connection) => Math.Max(
        long.Parse(connection.Scalar<string>("SELECT value FROM setting WHERE key = $key", ("$key", Setting)) ?? "0", CultureInfo.InvariantCulture),
        connection.Scalar<long>("SELECT MAX(COALESCE((SELECT MAX(last) FROM log), 0), COALESCE((SELECT MAX(last) FROM segment), 0))"));

    public ValueTask<long> ReserveAsync(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return TryTake(count, out long first) ? ValueTask.FromResult(first) : new ValueTask<long>(WaitAsync(count));
    }

    private bool TryTake(int count, out long first)
    {
        lock (_lock)
        {
            first = _next;
            if (_next + count > _end)
                return false;
            _next += count;
            if (_end - _next < BlockSize / 2 && _extending is null)
                _ = ObserveAsync(_extending = ExtendAsync(_end + BlockSize));
            return true;
        }
    }

    private async Task<long> WaitAsync(int count)
    {
        while (true)
        {
            Task extending;
            lock (_lock)
                extending = _extending ??= ExtendAsync(Math.Max(_end + BlockSize, _next + count + BlockSize));
            await extending.ConfigureAwait(false);
            if (TryTake(count, out long first))
                return first;
        }
    }

    // Always called under the lock; yields first so that nothing of it runs there.
    private async Task ExtendAsync(long end)
    {
        await Task.Yield();
        bool durable = false;
        try
        {
            // The last position of the block is stored: what was reserved, not what comes next.
            await _database.WriteAsync(connection => connection.Run(
                "INSERT INTO setting VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                ("$key", Setting), ("$value", (end - 1).ToString(CultureInfo.InvariantCulture)))).ConfigureAwait(false);
            durable = true;
        }
        finally
        {
            lock (_lock)
            {
                if (durable)
                    _end = end;
                _extending = null;
            }
        }
    }

    private async Task ObserveAsync(Task extending)
    {
        try
        {
            await extending.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Whoever needs the block tries again and hears the reason.
            Log.PositionsNotReserved(_logger, e);
        }
    }
}
