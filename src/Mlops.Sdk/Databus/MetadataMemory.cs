using Mlops.Store;

namespace Mlops.Databus;

/// <summary>
/// Keeps what apps have announced, the newest versions of each, so that values which waited elsewhere while the node was away (in a
/// session of the broker, in an outbox) are understood although their app has announced something newer since.
/// </summary>
internal sealed class MetadataMemory(NodeDatabase database)
{
    /// <summary>How many versions of an app are kept.</summary>
    public const int Versions = 4;

    private const long MaxBytes = 64 << 20;

    /// <summary>Returns what is kept, of each app the oldest first.</summary>
    public IReadOnlyList<(string App, byte[] Payload)> Load() =>
        database.Read(connection => connection.Rows("SELECT app, payload FROM databus_metadata ORDER BY number", r => (r.GetString(0), r.GetFieldValue<byte[]>(1))));

    /// <summary>Keeps what an app has announced as its newest version; the oldest ones go when there are too many.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async ValueTask<bool> KeepAsync(string app, long hash, byte[] payload, CancellationToken cancellationToken)
    {
        if (database.Read(connection => connection.Scalar<long>(
            "SELECT hash = $hash AND payload = $payload FROM databus_metadata WHERE app = $app ORDER BY number DESC LIMIT 1", ("$app", app), ("$hash", hash), ("$payload", payload))) != 0)
        {
            return false;
        }

        await database.WriteAsync(
            connection =>
            {
                connection.Run("DELETE FROM databus_metadata WHERE app = $app AND hash = $hash", ("$app", app), ("$hash", hash));
                connection.Run("INSERT INTO databus_metadata (app, hash, payload) VALUES ($app, $hash, $payload)", ("$app", app), ("$hash", hash), ("$payload", payload));
                connection.Run(
                    "DELETE FROM databus_metadata WHERE app = $app AND number NOT IN (SELECT number FROM databus_metadata WHERE app = $app ORDER BY number DESC LIMIT $versions)",
                    ("$app", app), ("$versions", Versions));
                connection.Run(
                    "DELETE FROM databus_metadata WHERE number IN (SELECT number FROM (SELECT number, sum(length(payload)) OVER (ORDER BY number DESC) AS newer FROM databus_metadata) WHERE newer > $bytes)",
                    ("$bytes", MaxBytes));
            },
            cancellationToken).ConfigureAwait(false);
        return true;
    }
}
