using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>The prepared statements that write changes.</summary>
internal sealed class ChangeCommands(SqliteConnection connection, WallClock clock) : IDisposable
{
    private static readonly string[] OfSession = ["sessions WHERE id", "subscriptions WHERE session", "deliveries WHERE session", "received WHERE session"];

    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    public void Run(in Change change, SqliteTransaction transaction)
    {
        switch (change.Kind)
        {
            case ChangeKind.PutSession:
                Put((StoredSession)change.Detail!, transaction);
                break;
            case ChangeKind.RemoveSession:
                foreach (string rows in OfSession)
                    Run(transaction, $"DELETE FROM {rows} = $0", change.Session);
                break;
            case ChangeKind.PutSubscription:
                var subscription = (Subscription)change.Detail!;
                Run(
                    transaction,
                    "INSERT OR REPLACE INTO subscriptions VALUES($0, $1, $2, $3)",
                    change.Session, subscription.Filter, (long)subscription.Options.ToByte(MqttProtocolVersion.V5), (long)subscription.Id);
                break;
            case ChangeKind.RemoveSubscription:
                Run(transaction, "DELETE FROM subscriptions WHERE session = $0 AND filter = $1", change.Session, change.Text);
                break;
            case ChangeKind.AddMessage:
                var message = (SharedMessage)change.Detail!;
                Run(
                    transaction,
                    "INSERT OR REPLACE INTO messages VALUES($0, $1, $2, $3, $4, $5)",
                    change.Key, message.Topic, (long)message.Flags, clock.ToWall(message.ExpiresAt), message.Properties.ToArray(), message.Payload.ToArray());
                break;
            case ChangeKind.RemoveMessage:
                Run(transaction, "DELETE FROM messages WHERE id = $0", change.Key);
                break;
            case ChangeKind.AddDelivery:
                Run(
                    transaction,
                    "INSERT OR REPLACE INTO deliveries VALUES($0, $1, $2, $3, $4, $5, $6)",
                    change.Session, change.Key, change.Message, (long)change.Flags, Join((uint[]?)change.Detail), change.Text, (long)change.Published);
                break;
            case ChangeKind.ReleaseDelivery:
                Run(transaction, "UPDATE deliveries SET message = NULL WHERE session = $0 AND sequence = $1", change.Session, change.Key);
                break;
            case ChangeKind.RemoveDelivery:
                Run(transaction, "DELETE FROM deliveries WHERE session = $0 AND sequence = $1", change.Session, change.Key);
                break;
            case ChangeKind.AddReceived:
                Run(transaction, "INSERT OR REPLACE INTO received VALUES($0, $1)", change.Session, change.Key);
                break;
            case ChangeKind.RemoveReceived:
                Run(transaction, "DELETE FROM received WHERE session = $0 AND packet = $1", change.Session, change.Key);
                break;
            case ChangeKind.PutRetained:
                Run(transaction, "INSERT OR REPLACE INTO retained VALUES($0, $1)", change.Text, change.Message);
                break;
            case ChangeKind.RemoveRetained:
                Run(transaction, "DELETE FROM retained WHERE topic = $0", change.Text);
                break;
        }
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
    }

    private static string? Join(uint[]? ids) =>
        ids is null ? null : string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));

    private void Put(StoredSession session, SqliteTransaction transaction)
    {
        var will = session.Will;
        Run(
            transaction,
            "INSERT OR REPLACE INTO sessions VALUES($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            session.Id, session.ClientId, session.ExpirySeconds, session.DisconnectedAt, session.LastSent, session.UserName, will?.Topic,
            will is null ? null : (long)PublishFlags.Of(will.QualityOfService, will.Retain), (long?)will?.DelaySeconds, will?.Properties.ToArray(), will?.Payload.ToArray());
    }

    private void Run(SqliteTransaction transaction, string sql, params ReadOnlySpan<object?> values)
    {
        ref var command = ref CollectionsMarshal.GetValueRefOrAddDefault(prepared, sql, out bool known);
        if (!known)
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        for (int i = 0; i < values.Length; i++)
            command!.Parameters[i].Value = values[i] ?? DBNull.Value;
        command!.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
