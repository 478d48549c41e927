using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mlops.Databus.Publishing;
using Mlops.Store;

namespace Mlops.Drivers.Mirroring;

/// <summary>Makes the mirrors of assets, in hosts that have a bus.</summary>
internal sealed class MirrorPublisher(IServiceProvider services, IFeedStore store, TimeProvider time, ILogger<MirrorPublisher> logger)
{
    /// <summary>Returns the mirrors of an asset; null when the host has no bus, which is logged.</summary>
    /// <param name="asset">Id of the asset.</param>
    /// <param name="fromNow">Whether records that are stored already stay out, because the mirror has just been switched on.</param>
    public FeedMirrors? For(string asset, bool fromNow)
    {
        if (services.GetService<DatabusApp>() is { Bus: not null } app && services.GetService<IFeedReader>() is { } reader)
            return new FeedMirrors(asset, fromNow, app, store, reader, time, logger);
        Log.NoBus(logger, asset);
        return null;
    }
}
