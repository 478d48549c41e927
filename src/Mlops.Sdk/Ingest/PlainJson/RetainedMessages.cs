using Microsoft.Extensions.Logging;
using Mlops.Messaging;
using Mlops.Store;
using Mlops.Store.CommitLog;

namespace Mlops.Ingest.PlainJson;

/// <summary>
/// Remembers what was taken of each topic last, so that a message that the broker keeps is not stored again at each subscription.
/// The memory is written behind the records: after a crash a kept message may be stored once more, never lost.
/// </summary>
/// <remarks>Belongs to whoever holds the gate, except <see cref="SaveAsync"/>, which is called by one at a time.</remarks>
internal sealed class RetainedMessages(NodeDatabase database, IngestPipeline pipeline, IngestInstruments instruments, ILogger<RetainedMessages> logger)
{
    private const int MaxTopics = 100_000;
    private readonly Dictionary<(string Mapping, string Topic), long> _known = [];
    private readonly HashSet<(string Mapping, string Topic)> _unsaved = [];

    /// <summary>Reads what an earlier run has written.</summary>
    public void Load()
    {
        List<(string Key, long Fingerprint)> rows = database.Read(c => c.Rows("SELECT topic, fingerprint FROM retained", r => (r.GetString(0), r.GetInt64(1))));
        lock (pipeline.Gate)
        {
            foreach ((string key, long fingerprint) in rows)
            {
                int end = key.IndexOf('\n', StringComparison.Ordinal);
                _known[(key[..end], key[(end + 1)..])] = fingerprint;
            }
        }
    }

    /// <summary>Tells whether a message that the broker had kept was taken before.</summary>
    public bool IsKnown(string mapping, in BusMessage message)
    {
        if (!_known.TryGetValue((mapping, message.Topic), out long fingerprint) || fingerprint != Fingerprint(message.Payload))
            return false;
        instruments.Retained++;
        return true;
    }

    /// <summary>Remembers a message that was taken.</summary>
    public void Note(string mapping, in BusMessage message)
    {
        (string, string) key = (mapping, message.Topic);
        if (_known.Count >= MaxTopics && !_known.ContainsKey(key))
            return;
        _known[key] = Fingerprint(message.Payload);
        _unsaved.Add(key);
    }

    /// <summary>Writes what is new, once the records that it tells of are durable.</summary>
    /// <param name="durable">Completes when they are.</param>
    public async Task SaveAsync(Func<Task> durable)
    {
        ((string Mapping, string Topic) Key, long Fingerprint)[] fresh;
        Task written;
        lock (pipeline.Gate)
        {
            if (_unsaved.Count == 0)
                return;
            fresh = [.. _unsaved.Select(k => (k, _known[k]))];
            _unsaved.Clear();
            written = durable();
        }

        try
        {
            await written.ConfigureAwait(false);
            await database.WriteAsync(connection =>
            {
                foreach (((string mapping, string topic), long fingerprint) in fresh)
                    connection.Run("INSERT OR REPLACE INTO retained VALUES ($topic, $fingerprint)", ("$topic", $"{mapping}\n{topic}"), ("$fingerprint", fingerprint));
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Log.RetainedNotSaved(logger, fresh.Length, e);
        }
    }

    private static long Fingerprint(ReadOnlySpan<byte> payload) => ((long)payload.Length << 32) | Checksum.Of(payload);
}
