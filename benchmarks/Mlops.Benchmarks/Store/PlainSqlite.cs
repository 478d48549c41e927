using Microsoft.Data.Sqlite;

namespace Mlops.Benchmarks.Store;

/// <summary>The table that anybody would make: a time and 16 numbers a row, one prepared INSERT a row, one transaction a batch.</summary>
internal sealed class PlainSqlite : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public PlainSqlite(string file, int columns)
    {
        _connection = new SqliteConnection($"Data Source={file};Pooling=False");
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        string names = string.Join(", ", Enumerable.Range(0, columns).Select(i => $"value{i}"));
        Execute($"CREATE TABLE records (position INTEGER PRIMARY KEY, ts INTEGER NOT NULL, {names.Replace(",", " REAL,", StringComparison.Ordinal)} REAL)");
        _insert = _connection.CreateCommand();
        _insert.CommandText = $"INSERT INTO records (ts, {names}) VALUES ($ts, {string.Join(", ", Enumerable.Range(0, columns).Select(i => $"$v{i}"))})";
        _insert.Parameters.Add("$ts", SqliteType.Integer);
        for (int i = 0; i < columns; i++)
            _insert.Parameters.Add($"$v{i}", SqliteType.Real);
        _insert.Prepare();
    }

    public void Commit(long firstTime, double[][] rows)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        for (int row = 0; row < rows.Length; row++)
        {
            _insert.Parameters[0].Value = firstTime + row;
            for (int i = 0; i < rows[row].Length; i++)
                _insert.Parameters[i + 1].Value = rows[row][i];
            _insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The text is made of the constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
