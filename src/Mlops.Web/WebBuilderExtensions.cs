using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Mlops.Hosting;
using Mlops.Store;
using Mlops.Web;
using Mlops.Web.Inference;
using Mlops.Web.Ingest;
using Mlops.Web.Live;
using Mlops.Web.Monitoring;
using Mlops.Web.Node;
using Mlops.Web.Rest;
using Mlops.Web.Security;
using Mlops.Web.Ui;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds pages and REST.</summary>
public static class WebBuilderExtensions
{
    /// <summary>
    /// Adds what <c>app.MapMlops()</c> needs: pages, REST, sign-in, events and metrics. Settings: <c>Mlops:Web</c>. Rooms that the host does
    /// not have answer 501. It needs the node's database (any of <c>AddStore</c>, <c>AddTraining</c> and the like).
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IMlopsBuilder AddWeb(this IMlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddMlopsOptions<WebOptions>("Web");
        IServiceCollection services = builder.Services;
        services.AddRouting();
        services.TryAddSingleton<NodeDatabase>();
        services.TryAddSingleton<Users>();
        services.TryAddSingleton<Sessions>();
        services.TryAddSingleton<ApiTokens>();
        services.TryAddSingleton<FailureThrottle>();
        services.TryAddSingleton<AccessGate>();
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<AnsweredRequests>();
        services.TryAddSingleton<RequestPipeline>();
        services.TryAddSingleton<NodeHealth>();
        services.TryAddSingleton<ProcessLoad>();
        services.TryAddSingleton<MetricsCollector>();
        services.TryAddSingleton<EventHub>();
        services.TryAddSingleton<TopicWatch>();
        services.TryAddSingleton<InferenceModels>();
        services.TryAddSingleton<EmbeddedPages>();
        services.TryAddSingleton<StartPage>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WebHostedService>());
        return builder;
    }
}
