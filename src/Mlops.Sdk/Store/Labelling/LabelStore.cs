using Microsoft.Extensions.Logging;
using Mlops.Data;

namespace Mlops.Store.Labelling;

/// <inheritdoc/>
internal sealed class LabelStore(NodeDatabase database, TimeProvider time, ILogger<LabelStore> logger) : ILabels
{
    public event Action<string, IReadOnlyList<Label>>? Added;

    public Task<int> AddAsync(string feed, IReadOnlyList<Label> labels, CancellationToken cancellationToken = default) =>
        AddAsync(feed, labels, cursor: null, position: 0, cancellationToken);

    /// <summary>Adds labels and moves a cursor in the same step.</summary>
    public async Task<int> AddAsync(string feed, IReadOnlyList<Label> labels, string? cursor, long position, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(feed);
        ArgumentNullException.ThrowIfNull(labels);
        long now = EpochTime.FromDateTimeOffset(time.GetUtcNow());
        var stored = new List<Label>(labels.Count);
        for (int i = 0; i < labels.Count; i++)
        {
            Check(feed, i, labels[i]);
            stored.Add(labels[i].Created == 0 ? labels[i] with { Created = now } : labels[i]);
        }

        return await database.WriteAsync(
            connection =>
            {
                foreach (Label label in stored)
                    LabelRows.Insert(connection, feed, label);
                if (cursor is not null)
                {
                    connection.Run(
                        "INSERT INTO cursor (name, position) VALUES ($name, $position) ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                        ("$name", cursor), ("$position", position));
                }

                return stored.Count;
            },
            _ => Announce(feed, stored),
            cancellationToken).ConfigureAwait(false);
    }

    public IReadOnlyList<Label> List(string feed, string? set = null, int limit = 1000) => database.Read(connection => LabelRows.List(connection, feed, set, limit));

    private void Announce(string feed, List<Label> labels)
    {
        if (labels.Count == 0)
            return;
        StoreInstruments.Labels.Add(labels.Count);
        try
        {
            Added?.Invoke(feed, labels);
        }
        catch (Exception e)
        {
            // The labels are stored; a handler's fault must not stop the thread that stores.
            Log.LabelHandlerFailed(logger, e);
        }
    }

    private static void Check(string feed, int index, Label label)
    {
        int ways = (label.Position is null ? 0 : 1) + (label.Sequence is null ? 0 : 1) + (label.KeyField is null && label.KeyValue is null ? 0 : 1) + (label.From is null && label.To is null ? 0 : 1);
        string? fault = ways != 1 ? $"it names records in {ways} ways; give exactly one of position, sequence, key and interval"
            : string.IsNullOrWhiteSpace(label.Set) ? "it has no set; give the name of the label set"
            : label.Value is null ? "it has no value"
            : (label.KeyField is null) != (label.KeyValue is null) ? "a key needs both its field and its value"
            : (label.From is null) != (label.To is null) || label.From >= label.To ? "an interval needs its start and a later end"
            : label.Time is not null && label.Sequence is null ? "a time narrows a sequence, and none is given; use an interval to mean times"
            : null;
        if (fault is not null)
            throw new ArgumentException($"Label {index + 1} for feed '{feed}' (value '{label.Value}') is refused: {fault}.", nameof(label));
    }
}
