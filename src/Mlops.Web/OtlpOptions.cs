using System.ComponentModel.DataAnnotations;

namespace Mlops.Web;

/// <summary>Where metrics and traces are sent over OTLP, section <c>Mlops:Web:Otlp</c>.</summary>
public sealed class OtlpOptions
{
    /// <summary>Gets or sets the address of the collector, for example <c>http://collector:4318</c>.</summary>
    /// <value>Default none; then the environment variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> counts, and without it nothing is sent.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>Gets or sets how the collector is spoken to.</summary>
    /// <value>Default <see cref="OtlpProtocol.HttpProtobuf"/>.</value>
    public OtlpProtocol Protocol { get; set; }

    /// <summary>Gets or sets headers for the collector, <c>name=value</c> separated by commas; they may hold a secret.</summary>
    /// <value>Default none.</value>
    public string? Headers { get; set; }

    /// <summary>Gets or sets how often metrics are sent.</summary>
    /// <value>Default 15 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);
}
