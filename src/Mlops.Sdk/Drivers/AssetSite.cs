using Microsoft.Extensions.Logging;
using Mlops.Drivers.Catalog;
using Mlops.Ingest;

namespace Mlops.Drivers;

/// <summary>What all runs of one asset's driver share.</summary>
internal sealed record AssetSite(string Asset, string Kind, FeedWriter Writer, AssetRows Rows, TimeProvider Time, ILogger Logger)
{
    public void Report(AssetStatus status, DriverState state, string? reason)
    {
        if (status.Report(state, reason, out int unlogged))
        {
            string more = unlogged == 0 ? "" : $" ({unlogged} changes before this one were not logged.)";
            Log.StateChanged(Logger, state is DriverState.Faulted or DriverState.Degraded ? LogLevel.Warning : LogLevel.Information, Asset, Kind, state, reason + more);
        }
    }
}
