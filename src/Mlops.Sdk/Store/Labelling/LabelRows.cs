using Microsoft.Data.Sqlite;

namespace Mlops.Store.Labelling;

/// <summary>The statements behind labels.</summary>
internal static class LabelRows
{
    private const string Columns = "name, position, seq, time, key_field, key_value, from_time, to_time, value, author, source, created";

    public static void Insert(SqliteConnection connection, string feed, Label label) => connection.Run(
        $"INSERT INTO label (feed, {Columns}) VALUES ($feed, $name, $position, $seq, $time, $key_field, $key_value, $from, $to, $value, $author, $source, $created)",
        ("$feed", feed), ("$name", label.Set), ("$position", label.Position), ("$seq", label.Sequence), ("$time", label.Time), ("$key_field", label.KeyField), ("$key_value", label.KeyValue),
        ("$from", label.From), ("$to", label.To), ("$value", label.Value), ("$author", label.Author), ("$source", label.Source), ("$created", label.Created));

    public static List<Label> List(SqliteConnection connection, string feed, string? set, int limit) => connection.Rows(
        $"SELECT {Columns} FROM label WHERE feed = $feed AND ($name IS NULL OR name = $name) ORDER BY id DESC LIMIT $limit",
        Read, ("$feed", feed), ("$name", set), ("$limit", limit));

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
    };

    private static long? Integer(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetInt64(column);

    private static string? Text(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);
}
