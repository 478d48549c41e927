using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Training.Lifecycle;

/// <summary>Writes what happens, in the transaction that makes it happen.</summary>
internal sealed class LifecycleJournal(NodeDatabase database, TimeProvider time, ILogger<LifecycleJournal> logger) : ILifecycle
{
    public event Action<LifecycleEvent>? Happened;

    public IReadOnlyList<LifecycleEvent> List(string? subject = null, int limit = 100) => database.Read(db => db.Rows(
        "SELECT subject, action, at, model, author, text FROM lifecycle WHERE $subject IS NULL OR subject = $subject ORDER BY number DESC LIMIT $limit",
        r => new LifecycleEvent(r.GetString(0), r.GetString(1), EpochTime.ToDateTimeOffset(r.GetInt64(2)), Text(r, 3), Text(r, 4), Text(r, 5)),
        ("$subject", subject),
        ("$limit", limit)));

    /// <summary>Writes an event together with the change that it tells of.</summary>
    /// <param name="subject">Whom it happened to.</param>
    /// <param name="action">What happened.</param>
    /// <param name="change">The change, in the same transaction; may throw, and then nothing is kept.</param>
    /// <param name="model">The model it is about.</param>
    /// <param name="author">Who wanted it.</param>
    /// <param name="text">More about it.</param>
    public Task WriteAsync(string subject, string action, Action<SqliteConnection>? change = null, string? model = null, string? author = null, string? text = null)
    {
        var happened = new LifecycleEvent(subject, action, time.GetUtcNow(), model, author, text);
        return database.WriteAsync(
            db =>
            {
                change?.Invoke(db);
                db.Run(
                    "INSERT INTO lifecycle (subject, action, model, author, text, at) VALUES ($subject, $action, $model, $author, $text, $at)",
                    ("$subject", subject), ("$action", action), ("$model", model), ("$author", author), ("$text", text), ("$at", EpochTime.FromDateTimeOffset(happened.At)));
                return happened;
            },
            Announce);
    }

    private void Announce(LifecycleEvent happened)
    {
        try
        {
            Happened?.Invoke(happened);
        }
        catch (Exception e)
        {
            // It is stored; a handler's fault must not stop the thread that stores.
            Training.Log.HandlerFailed(logger, e);
        }
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
