using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Mlops.Data;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Store;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>
/// Writes the newest records of feeds, as a rule predictions, to nodes. A controller acts on what is true now: only the newest record counts, never
/// one that is older than its mapping allows, and what waits for its interval gives way to a newer one. Each write is a record of the feed
/// <c>writes</c> with where its value came from and what became of it, and a line in the log when it was refused.
/// </summary>
internal sealed class WriteBack(string asset, OpcUaServices services, IRecordSink sink, Func<IReadOnlyList<OpcUaWriteBackSettings>> mappings, Func<ServerConnection?> connection)
{
    private const string Feed = "writes";

    private static readonly FeedField[] Fields =
    [
        new("node", FieldType.Text), new("value", FieldType.Text), new("source_feed", FieldType.Text), new("source_field", FieldType.Text),
        new("source_row", FieldType.Int64), new("error", FieldType.Text),
    ];

    private readonly ConcurrentDictionary<string, long> _newest = new(StringComparer.Ordinal);
    private readonly Dictionary<OpcUaWriteBackSettings, Written> _written = [];
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private RecordBatchBuilder? _audit;

    /// <summary>Runs until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (services.Feeds is not { } feeds)
            return;
        feeds.Committed += Note;
        try
        {
            Task work = WorkAsync(stop);
            while (true)
            {
                TimeSpan next = await WriteDueAsync(feeds, stop).ConfigureAwait(false);
                if (await Task.WhenAny(work, Task.Delay(next, services.Time, stop)).ConfigureAwait(false) != work)
                {
                    stop.ThrowIfCancellationRequested();
                    continue;
                }

                await work.ConfigureAwait(false);
                work = WorkAsync(stop);
            }
        }
        finally
        {
            feeds.Committed -= Note;
        }
    }

    private async Task WorkAsync(CancellationToken stop) => await _work.Reader.ReadAsync(stop).ConfigureAwait(false);

    // Called by the store within its commit: quick.
    private void Note(string feed, long position)
    {
        if (!mappings().Any(m => m.Feed == feed))
            return;
        _newest[feed] = position;
        _work.Writer.TryWrite(true);
    }

    // Returns when the next write is due at the latest.
    private async Task<TimeSpan> WriteDueAsync(IFeedStore feeds, CancellationToken stop)
    {
        TimeSpan next = TimeSpan.FromMinutes(1);
        foreach (OpcUaWriteBackSettings mapping in mappings())
        {
            if (!_newest.TryGetValue(mapping.Feed, out long position))
                continue;
            Written before = _written.GetValueOrDefault(mapping) ?? new Written(0, null, null);
            TimeSpan left = before.At is { } at ? mapping.Interval - services.Time.GetElapsedTime(at) : TimeSpan.Zero;
            if (position == before.Position)
                continue;
            if (left > TimeSpan.Zero)
                next = left < next ? left : next;
            else if (connection()?.Session is { Lost.IsCompleted: false } session)
                _written[mapping] = await WriteAsync(feeds, mapping, position, before, session, stop).ConfigureAwait(false);
            else
                next = mapping.Interval < next ? mapping.Interval : next;
        }

        return next;
    }

    private async Task<Written> WriteAsync(IFeedStore feeds, OpcUaWriteBackSettings mapping, long position, Written before, UaSession session, CancellationToken stop)
    {
        var (value, accepted) = await ReadAsync(feeds, mapping, position, stop).ConfigureAwait(false);
        // No answer, an old one, or the one that is there already.
        if (value is null || accepted + mapping.MaxAge < services.Time.GetUtcNow() || (!mapping.Repeat && value.Equals(before.Value)))
            return before with { Position = position };
        string? error = await TryWriteAsync(mapping.Node, value, session, stop).ConfigureAwait(false);
        services.Instruments.Writes.Add(1, new KeyValuePair<string, object?>("asset", asset), new KeyValuePair<string, object?>("outcome", error is null ? "good" : "refused"));
        if (error is not null && error != before.Error)
            Log.WriteRefused(services.Logger, asset, mapping.Node, mapping.Feed, mapping.Field, error);
        await AuditAsync(mapping, position, value, error, stop).ConfigureAwait(false);
        return new Written(position, services.Time.GetTimestamp(), error is null ? value : null) { Error = error };
    }

    private async Task<(object? Value, DateTimeOffset Accepted)> ReadAsync(IFeedStore feeds, OpcUaWriteBackSettings mapping, long position, CancellationToken stop)
    {
        (object? Value, DateTimeOffset Accepted) newest = (null, default);
        try
        {
            await foreach (RecordBatch batch in feeds.ReadAsync(new FeedQuery { Feed = mapping.Feed, AfterPosition = position - 1, ToPosition = position }, stop).ConfigureAwait(false))
            {
                using (batch)
                {
                    if (batch.Count > 0 && batch.Schema.IndexOf(mapping.Field) is >= 0 and var column)
                        newest = (batch.Column(column).GetValue(batch.Count - 1), EpochTime.ToDateTimeOffset(batch.Received[^1]));
                }
            }
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            // The next record may be read again; this one is as old by then as if it had never been.
            Log.WriteRefused(services.Logger, asset, mapping.Node, mapping.Feed, mapping.Field, error.Message);
        }

        return newest;
    }

    private async Task<string?> TryWriteAsync(string node, object value, UaSession session, CancellationToken stop)
    {
        try
        {
            return (await new ServerWriter(session, [.. connection()?.Nodes ?? []]).WriteAsync([new AssetValue(node, value)], stop).ConfigureAwait(false))[0].Error;
        }
        catch (Exception error) when (ConnectionErrors.IsExpected(error))
        {
            return error.Message;
        }
    }

    private async Task AuditAsync(OpcUaWriteBackSettings mapping, long position, object value, string? error, CancellationToken stop)
    {
        _audit ??= new RecordBatchBuilder(await sink.DeclareAsync(Feed, Fields, stop).ConfigureAwait(false));
        long now = EpochTime.FromDateTimeOffset(services.Time.GetUtcNow());
        _audit.BeginRow(now, now);
        Text("node", mapping.Node);
        Text("value", Convert.ToString(value, CultureInfo.InvariantCulture)!);
        Text("source_feed", mapping.Feed);
        Text("source_field", mapping.Field);
        _audit.SetInt64(_audit.Schema.IndexOf("source_row"), position);
        if (error is not null)
            Text("error", error);
        _audit.EndRow();
        using RecordBatch batch = _audit.Build();
        await sink.WriteAsync(batch, stop).ConfigureAwait(false);

        void Text(string field, string text) => _audit.SetText(_audit.Schema.IndexOf(field), System.Text.Encoding.UTF8.GetBytes(text));
    }

    private sealed record Written(long Position, long? At, object? Value)
    {
        public string? Error { get; init; }
    }
}
