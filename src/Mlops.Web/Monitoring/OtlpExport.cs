using Mlops.Hosting;
using Mlops.Web.Node;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Mlops.Web.Monitoring;

/// <summary>Sends the metrics of the framework and of .NET, and traces of requests, to a collector. Nothing of it is loaded where none is named.</summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>The environment variable in which the rest of the world names the collector.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>How long a trace may wait for others, ms.</summary>
    private const int MaxDelay = 5000;

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    public OtlpExport(OtlpOptions options, NodeOptions node)
    {
        void Resource(ResourceBuilder resource) => resource
            .AddService("mlops", serviceVersion: NodeHealth.Version, serviceInstanceId: node.Name)
            .AddAttributes([new("mlops.layer", Rest.Names.Of(node.Layer))]);
        _metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(Resource)
            .AddMeter("Mlops.*", "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                Set(exporter, options, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Interval.TotalMilliseconds;
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(Resource)
            .AddSource("Mlops.*", "Microsoft.AspNetCore")
            .AddOtlpExporter(exporter =>
            {
                Set(exporter, options, "v1/traces");
                exporter.BatchExportProcessorOptions.ScheduledDelayMilliseconds = Math.Min(MaxDelay, (int)options.Interval.TotalMilliseconds);
            })
            .Build();
    }

    /// <summary>Returns where the collector is; <see langword="null"/> when nobody has named one.</summary>
    public static string? Target(OtlpOptions options) =>
        options.Endpoint?.AbsoluteUri ?? (Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 } endpoint ? endpoint : null);

    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }

    // What the settings do not say is left to the environment variables of OpenTelemetry.
    private static void Set(OtlpExporterOptions exporter, OtlpOptions options, string path)
    {
        if (options.Endpoint is not { } endpoint)
            return;
        bool grpc = options.Protocol == OtlpProtocol.Grpc;
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = grpc ? endpoint : new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
        if (options.Headers is { Length: > 0 } headers)
            exporter.Headers = headers;
    }
}
