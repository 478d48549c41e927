using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Databus.Publishing;
using Mlops.Hosting;
using Mlops.Prediction;
using Mlops.Prediction.Backtests;
using Mlops.Prediction.Drift;
using Mlops.Prediction.Quality;
using Mlops.Prediction.Retraining;
using Mlops.Store;
using Mlops.Training.Lifecycle;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the prediction stage.</summary>
public static class PredictionBuilderExtensions
{
    /// <summary>Adds the prediction stage: deployments that answer every record of a feed, store the answers and publish them on the databus when the host has a bus.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddPrediction(this IMlopsBuilder builder)
    {
        builder.AddMetrics().AddMlopsOptions<PredictionOptions>("Prediction").AddDatabusOptions();
        IServiceCollection services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PredictionOptions>, PredictionOptionsValidator>());
        services.TryAddSingleton<PredictionInstruments>();
        services.TryAddSingleton<DeploymentCatalog>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionHold, DeploymentHolds>());
        services.TryAddSingleton<LifecycleJournal>();
        services.TryAddSingleton<ILifecycle>(s => s.GetRequiredService<LifecycleJournal>());
        services.TryAddSingleton<ModelLoader>();
        services.TryAddSingleton<DeploymentLauncher>();
        services.TryAddSingleton<DatabusApp>();
        services.TryAddSingleton<LabelWriteHandler>();
        services.TryAddSingleton<Deployments>();
        services.TryAddSingleton<IDeployments>(s => s.GetRequiredService<Deployments>());
        services.TryAddSingleton<IPredictions, Predictions>();
        services.TryAddSingleton<BacktestRecords>();
        services.TryAddSingleton<BacktestRun>();
        services.TryAddSingleton<Backtests>();
        services.TryAddSingleton<IBacktests>(s => s.GetRequiredService<Backtests>());
        services.TryAddSingleton<DriftReporter>();
        services.TryAddSingleton<QualityBoard>();
        services.TryAddSingleton<QualityMonitor>();
        services.TryAddSingleton<RetrainingRows>();
        services.TryAddSingleton<RetrainingJournal>();
        services.TryAddSingleton<TriggerTraining>();
        services.TryAddSingleton<NewLabelCount>();
        services.TryAddSingleton<TriggerCheck>();
        services.TryAddSingleton<TriggerConditions>();
        services.TryAddSingleton<RetrainingSteps>();
        services.TryAddSingleton<Retrainings>();
        services.TryAddSingleton<IRetraining>(s => s.GetRequiredService<Retrainings>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INodeConfigurationPart, TriggersPart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DatabusApp>(s => s.GetRequiredService<DatabusApp>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LabelWriteHandler>(s => s.GetRequiredService<LabelWriteHandler>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Deployments>(s => s.GetRequiredService<Deployments>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Backtests>(s => s.GetRequiredService<Backtests>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, QualityMonitor>(s => s.GetRequiredService<QualityMonitor>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RetrainingHostedService>());
        return builder;
    }
}
