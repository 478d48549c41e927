using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Mlops.Data;

namespace Mlops.Store.Labelling;

/// <inheritdoc/>
internal sealed class LabelStore(NodeDatabase database, IFeedStore store, TimeProvider time, ILogger<LabelStore> logger) : ILabels
{
    public event Action<string, IReadOnlyList<Label>>? Added;

    public Task<int> AddAsync(string feed, IReadOnlyList<Label> labels, CancellationToken cancellationToken = default) =>
        AddAsync(feed, labels, cursor: null, position: 0, cancellationToken);

    /// <summary>Adds labels and moves a cursor in the same step.</summary>
    public async Task<int> AddAsync(string feed, IReadOnlyList<Label> labels, string? cursor, long position, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(feed);
        ArgumentNullException.ThrowIfNull(labels);
        long now = Now;
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

    public Task<int> DeleteAsync(string feed, IReadOnlyList<long> ids, string? author = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(feed);
        ArgumentNullException.ThrowIfNull(ids);
        long now = Now;
        return database.WriteAsync(connection => ids.Count(id => LabelRows.Delete(connection, feed, id, author, now)), cancellationToken);
    }

    public async Task<LabelImport> ImportAsync(string feed, Stream csv, string set, string? author = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(csv);
        ArgumentException.ThrowIfNullOrWhiteSpace(set);
        FeedSchema schema = store.Find(feed) ?? throw new ArgumentException($"There is no feed '{feed}' to label. Write records to it first.", nameof(feed));

        // The parser reads synchronously, which not every stream allows; a pipe's stream does.
        using var text = new StreamReader(PipeReader.Create(csv, new StreamPipeReaderOptions(leaveOpen: true)).AsStream());

        // Read aside first, off the caller's thread: all of it becomes durable in one step.
        (LabelCsv import, List<Label> labels) = await Task.Run(
            () =>
            {
                var reader = new LabelCsv(text, schema, set, author);
                return (reader, reader.Read(cancellationToken));
            },
            cancellationToken).ConfigureAwait(false);
        int added = labels.Count == 0 ? 0 : await AddAsync(feed, labels, cancellationToken).ConfigureAwait(false);
        return new LabelImport(added, import.Rejected, import.Problems);
    }

    public IReadOnlyList<Label> History(string feed, string? set = null, int limit = 1000) => database.Read(connection => LabelRows.History(connection, feed, set, limit));

    public IReadOnlyList<Label> List(string feed, string? set = null, int limit = 1000) => database.Read(connection => LabelRows.List(connection, feed, set, limit));

    private long Now => EpochTime.FromDateTimeOffset(time.GetUtcNow());

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

    /// <summary>Returns what is wrong with a label, if anything.</summary>
    internal static string? Fault(Label label)
    {
        int ways = (label.Position is null ? 0 : 1) + (label.Sequence is null ? 0 : 1) + (label.KeyField is null && label.KeyValue is null ? 0 : 1) + (label.From is null && label.To is null ? 0 : 1);
        return ways != 1 ? $"it names records in {ways} ways; give exactly one of position, sequence, key and interval"
            : string.IsNullOrWhiteSpace(label.Set) ? "it has no set; give the name of the label set"
            : label.Value is null ? "it has no value"
            : (label.KeyField is null) != (label.KeyValue is null) ? "a key needs both its field and its value"
            : (label.From is null) != (label.To is null) || label.From >= label.To ? "an interval needs its start and a later end"
            : label.Time is not null && label.Sequence is null ? "a time narrows a sequence, and none is given; use an interval to mean times"
            : null;
    }

    private static void Check(string feed, int index, Label label)
    {
        if (Fault(label) is { } fault)
            throw new ArgumentException($"Label {index + 1} for feed '{feed}' (value '{label.Value}') is refused: {fault}.", nameof(label));
    }
}
