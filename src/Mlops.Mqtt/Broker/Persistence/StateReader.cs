using System.Globalization;
using Microsoft.Data.Sqlite;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>Reads all that a database holds.</summary>
internal static class StateReader
{
    public static StoredState Read(SqliteConnection connection, WallClock clock)
    {
        var state = new StoredState();
        foreach (var row in Rows(connection, "SELECT * FROM sessions"))
            state.Sessions.Add(Session(row));
        foreach (var row in Rows(connection, "SELECT * FROM subscriptions"))
        {
            var options = SubscriptionOptions.FromByte(row.GetByte(2), MqttProtocolVersion.V5);
            state.Subscriptions.Add((row.GetInt64(0), row.GetString(1), options, (uint)row.GetInt64(3)));
        }

        foreach (var row in Rows(connection, "SELECT * FROM messages"))
            state.Messages.Add(row.GetInt64(0), Message(row, clock));
        foreach (var row in Rows(connection, "SELECT * FROM deliveries ORDER BY session, sequence"))
        {
            state.Deliveries.Add(new StoredDelivery(
                row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetByte(3), Ids(Text(row, 4)), Text(row, 5), row.GetByte(6)));
        }

        foreach (var row in Rows(connection, "SELECT * FROM received"))
            state.Received.Add((row.GetInt64(0), (ushort)row.GetInt64(1)));
        foreach (var row in Rows(connection, "SELECT message FROM retained"))
            state.Retained.Add(row.GetInt64(0));
        return state;
    }

    private static IEnumerable<SqliteDataReader> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return reader;
    }

    private static StoredSession Session(SqliteDataReader row)
    {
        byte flags = row.IsDBNull(7) ? (byte)0 : row.GetByte(7);
        var will = Text(row, 6) is { } topic
            ? new WillMessage(
                topic, Bytes(row, 10), PublishFlags.QualityOfService(flags), (flags & PublishFlags.Retain) != 0, (uint)row.GetInt64(8), Bytes(row, 9))
            : null;
        return new StoredSession(
            row.GetInt64(0), row.GetString(1), row.GetDouble(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetInt64(4), Text(row, 5), will);
    }

    private static SharedMessage Message(SqliteDataReader row, WallClock clock) => SharedMessage.Create(
        row.GetString(1),
        PublishProperties.Read(Bytes(row, 4)),
        Bytes(row, 5),
        row.GetByte(2),
        clock.ToTimestamp(row.IsDBNull(3) ? null : row.GetInt64(3)));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static byte[] Bytes(SqliteDataReader row, int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<byte[]>(column);

    private static uint[]? Ids(string? text) =>
        text is null ? null : [.. text.Split(',').Select(id => uint.Parse(id, CultureInfo.InvariantCulture))];
}
