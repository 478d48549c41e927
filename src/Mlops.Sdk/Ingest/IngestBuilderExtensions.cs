using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Databus;
using Mlops.Hosting;
using Mlops.Ingest;
using Mlops.Ingest.Assembly;
using Mlops.Ingest.Mapping;
using Mlops.Ingest.PlainJson;
using Mlops.Store;
using Mlops.Store.Transfer;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds ingest.</summary>
public static class IngestBuilderExtensions
{
    /// <summary>
    /// Adds ingest: the way in for messages of the bus (Common Databus and plain JSON), for drivers, and through
    /// <see cref="IFeedWriter"/> for code in this process. Settings: <c>Mlops:Ingest</c> and <c>Mlops:Databus</c>. Add it
    /// behind the store, so that it stops before it, and before what writes records.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddIngest(this IMlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        builder.AddMlopsOptions<IngestOptions>("Ingest");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IngestOptions>, IngestOptionsRules>());
        builder.AddDatabusOptions();
        services.TryAddSingleton<DeadLetterTally>();
        services.TryAddSingleton<MessageTakers>();
        services.TryAddSingleton<IngestInstruments>();
        services.TryAddSingleton<IIngestStatus, IngestStatus>();
        services.TryAddSingleton<DeadLetterFiles>();
        services.TryAddSingleton<IngestPipeline>();
        services.TryAddSingleton<FeedWriter>();
        services.TryAddSingleton<IFeedWriter>(provider => provider.GetRequiredService<FeedWriter>());
        services.TryAddSingleton<IFeedTransfer, FeedTransfer>();
        services.TryAddSingleton<DatabusApps>();
        services.TryAddSingleton<IDatabus>(provider => provider.GetRequiredService<DatabusApps>());
        services.TryAddSingleton<IDatabusWriter, DatabusWriter>();
        services.TryAddSingleton<MetadataMemory>();
        services.TryAddSingleton<DatabusConsumer>();
        services.TryAddSingleton<NodeDatabase>();
        services.TryAddSingleton<RetainedMessages>();
        services.TryAddSingleton<PlainJsonConsumer>();
        services.TryAddSingleton<IDeadLetters, DeadLetters>();
        services.TryAddSingleton<Mappings>();
        services.TryAddSingleton<IMappings>(provider => provider.GetRequiredService<Mappings>());
        services.TryAddSingleton<Assemblies>();
        services.TryAddSingleton<IAssemblies>(provider => provider.GetRequiredService<Assemblies>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INodeConfigurationPart, MappingsPart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INodeConfigurationPart, AssemblyPart>());
        services.TryAddSingleton<INodeConfiguration, NodeConfiguration>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IngestHostedService>());
        return builder;
    }

    /// <summary>Adds the settings of the databus, which other rooms read as well.</summary>
    internal static void AddDatabusOptions(this IMlopsBuilder builder)
    {
        builder.AddMlopsOptions<DatabusOptions>("Databus");
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DatabusOptions>, DatabusOptions.Defaults>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DatabusOptions>, DatabusOptionsRules>());
    }
}
