using System.Collections.Concurrent;
using Mlops.Data;
using Mlops.Drivers.Mirroring;
using Mlops.Store;

namespace Mlops.Drivers;

/// <summary>Takes what one run of a driver reads. Its feeds are named <c>kind.asset.group</c>. Once closed it refuses everything, so that a driver that was given up can do no more harm.</summary>
internal sealed class AssetSink(AssetSite site, AssetStatus status, WaitingRecords waiting, FeedMirrors? mirrors) : IRecordSink, IDisposable
{
    private const int MaxKey = 512;
    private const int MaxValue = 65_536;
    private readonly ConcurrentDictionary<string, bool> _declared = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closed = new();

    public async ValueTask<FeedSchema> DeclareAsync(string group, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentNullException.ThrowIfNull(fields);
        if (fields.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Asset '{site.Asset}', group '{group}': the field '{twice.Key}' is declared twice. Field names must be unique within a group.", nameof(fields));
        ThrowIfClosed();
        var declaration = new FeedDeclaration(new FeedOrigin(site.Kind, site.Asset, group), null, fields);
        FeedSchema schema = await site.Writer.DeclareAsync(declaration, cancellationToken).ConfigureAwait(false);
        ThrowIfClosed();
        _declared.TryAdd(schema.Feed, true);
        status.Declared(schema.Feed);
        mirrors?.Declared(schema, group);
        return schema;
    }

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!_declared.ContainsKey(batch.Schema.Feed))
            throw new ArgumentException($"Asset '{site.Asset}': feed '{batch.Schema.Feed}' was not declared by its driver in this run. Call DeclareAsync first and build the batch with the schema it returns.", nameof(batch));
        int records = batch.Count;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        long bytes = batch.Bytes;
        long came = site.Time.GetTimestamp();
        if (await waiting.EnterAsync(records, either.Token).ConfigureAwait(false))
            status.HeldBack(site.Time.GetElapsedTime(came));
        try
        {
            status.Queued(waiting.Inside);
            await site.Writer.WriteAsync(batch, either.Token).ConfigureAwait(false);
            status.Written(records, bytes);
        }
        finally
        {
            waiting.Leave(records);
            status.Queued(waiting.Inside);
        }
    }

    public void Report(DriverState state, string? reason = null)
    {
        if (!_closed.IsCancellationRequested)
            site.Report(status, state, reason);
    }

    public ValueTask<IReadOnlyDictionary<string, string>> RecallAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        return new ValueTask<IReadOnlyDictionary<string, string>>(site.Rows.Recall(site.Asset));
    }

    public async ValueTask RememberAsync(string key, string? value, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > MaxKey || value?.Length > MaxValue)
            throw new ArgumentException($"Asset '{site.Asset}': '{key[..Math.Min(key.Length, 60)]}' cannot be remembered: keys have up to {MaxKey} characters, texts up to {MaxValue}. Remember less, or under several keys.");
        ThrowIfClosed();
        await site.Rows.RememberAsync(site.Asset, key, value, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Refuses everything from now on; calls that wait are cancelled.</summary>
    public void Close() => _closed.Cancel();

    public void Dispose() => Close();

    private void ThrowIfClosed()
    {
        if (_closed.IsCancellationRequested)
            throw new OperationCanceledException($"Asset '{site.Asset}' takes nothing more from this run of its driver.");
    }
}
