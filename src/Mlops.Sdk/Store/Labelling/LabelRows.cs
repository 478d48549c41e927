using Microsoft.Data.Sqlite;
using Mlops.Store.Selection;

namespace Mlops.Store.Labelling;

/// <summary>The statements behind labels.</summary>
internal static class LabelRows
{
    private const string Columns = "name, position, seq, time, key_field, key_value, from_time, to_time, value, author, source, created";

    public static void Insert(SqliteConnection connection, string feed, Label label) => connection.Run(
        $"INSERT INTO label (feed, {Columns}) VALUES ($feed, $name, $position, $seq, $time, $key_field, $key_value, $from, $to, $value, $author, $source, $created)",
        ("$feed", feed), ("$name", label.Set), ("$position", label.Position), ("$seq", label.Sequence), ("$time", label.Time), ("$key_field", label.KeyField), ("$key_value", label.KeyValue),
        ("$from", label.From), ("$to", label.To), ("$value", label.Value), ("$author", label.Author), ("$source", label.Source), ("$created", label.Created));

    /// <summary>Lists the labels that count, newest first; of a horizon, those that counted then.</summary>
    public static List<Label> List(SqliteConnection connection, string feed, string? set, int limit, SelectionHorizon? horizon = null) => connection.Rows(
        $"SELECT {Columns}, id, NULL, NULL FROM label WHERE feed = $feed AND ($name IS NULL OR name = $name) AND id <= $last AND NOT EXISTS (SELECT 1 FROM label_deletion d WHERE d.label = label.id AND d.id <= $deletion) ORDER BY id DESC LIMIT $limit",
        Read, ("$feed", feed), ("$name", set), ("$limit", limit), ("$last", horizon?.Labels ?? long.MaxValue), ("$deletion", horizon?.Deletions ?? long.MaxValue));

    /// <summary>Lists all labels, deleted ones too, newest first.</summary>
    public static List<Label> History(SqliteConnection connection, string feed, string? set, int limit) => connection.Rows(
        $"SELECT {string.Join(", ", Columns.Split(", ").Select(c => $"label.{c}"))}, label.id, d.author, d.created FROM label LEFT JOIN label_deletion d ON d.label = label.id WHERE label.feed = $feed AND ($name IS NULL OR name = $name) ORDER BY label.id DESC LIMIT $limit",
        Read, ("$feed", feed), ("$name", set), ("$limit", limit));

    /// <summary>Marks a label as deleted.</summary>
    /// <returns><see langword="false"/> when the feed has no such label, or it is deleted already.</returns>
    public static bool Delete(SqliteConnection connection, string feed, long id, string? author, long created) => connection.Run(
        "INSERT INTO label_deletion (label, author, created) SELECT id, $author, $created FROM label WHERE id = $id AND feed = $feed AND NOT EXISTS (SELECT 1 FROM label_deletion WHERE label = $id)",
        ("$id", id), ("$feed", feed), ("$author", author), ("$created", created)) > 0;

    /// <summary>Returns the numbers of the newest label and the newest deletion; 0 where there is none.</summary>
    public static (long Label, long Deletion) Newest(SqliteConnection connection) =>
        (connection.Scalar<long>("SELECT COALESCE(MAX(id), 0) FROM label"), connection.Scalar<long>("SELECT COALESCE(MAX(id), 0) FROM label_deletion"));

    /// <summary>Returns how many labels of a set were added after one and count.</summary>
    public static long CountAfter(SqliteConnection connection, string feed, string set, long number) => connection.Scalar<long>(
        "SELECT COUNT(*) FROM label WHERE feed = $feed AND name = $name AND id > $number AND NOT EXISTS (SELECT 1 FROM label_deletion d WHERE d.label = label.id)",
        ("$feed", feed), ("$name", set), ("$number", number));

    /// <summary>Returns the labels of a set that were added after one, oldest first, with their numbers.</summary>
    public static LabelBatch After(SqliteConnection connection, string feed, string set, long number, int limit)
    {
        List<(long Number, Label Label)> rows = connection.Rows(
            $"SELECT {Columns}, id, NULL, NULL FROM label WHERE feed = $feed AND name = $name AND id > $number AND NOT EXISTS (SELECT 1 FROM label_deletion d WHERE d.label = label.id) ORDER BY id LIMIT $limit",
            r => (r.GetInt64(12), Read(r)), ("$feed", feed), ("$name", set), ("$number", number), ("$limit", limit));
        return new LabelBatch([.. rows.Select(r => r.Number)], [.. rows.Select(r => r.Label)]);
    }

    public static List<string> Sets(SqliteConnection connection, string feed) =>
        connection.Rows("SELECT DISTINCT name FROM label WHERE feed = $feed ORDER BY name", r => r.GetString(0), ("$feed", feed));

    private static Label Read(SqliteDataReader r) => new()
    {
        Set = r.GetString(0),
        Position = Integer(r, 1),
        Sequence = Integer(r, 2),
        Time = Integer(r, 3),
        KeyField = Text(r, 4),
        KeyValue = Text(r, 5),
        From = Integer(r, 6),
        To = Integer(r, 7),
        Value = r.GetString(8),
        Author = Text(r, 9),
        Source = r.GetString(10),
        Created = r.GetInt64(11),
        Id = r.GetInt64(12),
        DeletedBy = Text(r, 13),
        Deleted = Integer(r, 14),
    };

    private static long? Integer(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetInt64(column);

    private static string? Text(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);
}
