using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Store;

namespace Mlops.Drivers;

/// <summary>Takes what one driver reads. Its feeds are named <c>kind.asset.group</c>.</summary>
internal sealed class AssetSink(string asset, string kind, FeedWriter writer, AssetStatus status, ILogger logger) : IRecordSink
{
    public async ValueTask<FeedSchema> DeclareAsync(string group, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(fields);
        var declaration = new FeedDeclaration(new FeedOrigin(kind, asset, group), null, fields);
        FeedSchema schema = await writer.DeclareAsync(declaration, cancellationToken).ConfigureAwait(false);
        status.Declared(schema.Feed);
        return schema;
    }

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default) => writer.WriteAsync(batch, cancellationToken);

    public void Report(DriverState state, string? reason = null)
    {
        if (status.Report(state, reason))
            Log.StateChanged(logger, state is DriverState.Faulted or DriverState.Degraded ? LogLevel.Warning : LogLevel.Information, asset, kind, state, reason ?? "");
    }
}
