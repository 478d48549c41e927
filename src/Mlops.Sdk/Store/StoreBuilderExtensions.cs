using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Pictures;
using Mlops.Store;
using Mlops.Store.AdHoc;
using Mlops.Store.Backup;
using Mlops.Store.Blobs;
using Mlops.Store.Charts;
using Mlops.Store.Compaction;
using Mlops.Store.Labelling;
using Mlops.Store.Queries;
using Mlops.Store.Retention;
using Mlops.Store.Segments;
using Mlops.Store.Selection;
using Mlops.Store.Tail;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the store.</summary>
public static class StoreBuilderExtensions
{
    /// <summary>
    /// Adds the store: feeds, their records, cursors and labels, kept in the data folder (<c>Mlops:Store</c>, <c>Mlops:Labels</c>). Add it
    /// before the blocks that write, so that it stops after them. A host's own <see cref="IFeedStore"/> that was registered before wins.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddStore(this IMlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddMlopsOptions<StoreOptions>("Store").AddMlopsOptions<LabelOptions>("").AddMlopsOptions<SqlOptions>("Store:Sql");
        IServiceCollection services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LabelOptions>, LabelOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqlOptions>, SqlOptionsValidator>());
        services.TryAddSingleton<NodeDatabase>();
        services.TryAddSingleton<QueryEngine>();
        services.TryAddSingleton<LiveTail>();
        services.TryAddSingleton<ILiveTail>(s => s.GetRequiredService<LiveTail>());
        services.TryAddSingleton<FeedStore>();
        services.TryAddSingleton<IFeedStore>(s => s.GetRequiredService<FeedStore>());
        services.TryAddSingleton<IFeedReader, FeedReader>();
        services.TryAddSingleton<LabelStore>();
        services.TryAddSingleton<ILabels>(s => s.GetRequiredService<LabelStore>());
        services.TryAddSingleton<ITrainingSelection, TrainingSelection>();
        services.TryAddSingleton<ISqlQueries, SqlQueries>();
        services.TryAddSingleton<IFeedCharts, FeedCharts>();
        services.TryAddSingleton<SegmentCloser>();
        services.TryAddSingleton<SegmentCompactor>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionHold, LabelHolds>());
        services.TryAddSingleton<RecordRetention>();
        services.TryAddSingleton<BlobStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPictureDecoder, PngDecoder>());
        services.TryAddSingleton<IPictures, PictureLibrary>();
        services.TryAddSingleton<IBlobStore>(s => s.GetRequiredService<BlobStore>());
        services.TryAddSingleton<BlobSweeper>();
        services.TryAddSingleton<StoreChores>();
        services.TryAddSingleton<IStoreBackup, StoreBackup>();
        services.TryAddSingleton<IStoreKeeper, StoreKeeper>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StoreHostedService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LabelHostedService>());
        return builder;
    }
}
