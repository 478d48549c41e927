using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Mlops.Hosting;

namespace Mlops.Databus;

/// <summary>Who this node is on the databus, and how it takes part in it, section <c>Mlops:Databus</c>.</summary>
public sealed class DatabusOptions
{
    /// <summary>Gets or sets the name of the app under which predictions are published; values that such an app publishes are not taken in.</summary>
    /// <value>One level of a topic. Default: the node's name.</value>
    public string App { get; set; } = "";

    /// <summary>Gets or sets how long a value waits for the metadata that explains it.</summary>
    /// <value>Default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MetadataTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many messages may wait for metadata.</summary>
    /// <value>Default 10,000.</value>
    [Range(0, 1_000_000)]
    public int MaxBuffered { get; set; } = 10_000;

    /// <summary>Gets or sets how many bytes of messages may wait for metadata.</summary>
    /// <value>Default 16 MiB.</value>
    [Range(0, 1L << 32)]
    public long MaxBufferedBytes { get; set; } = 16 << 20;

    /// <summary>Gets or sets how many data points a collection may have to get a column each; with more, its feed has a record for each value.</summary>
    /// <value>Default 256.</value>
    [Range(1, 16_384)]
    public int MaxColumns { get; set; } = 256;

    /// <summary>Fills in what follows from the node.</summary>
    internal sealed class Defaults(IOptions<MlopsOptions> node) : IPostConfigureOptions<DatabusOptions>
    {
        public void PostConfigure(string? name, DatabusOptions options)
        {
            if (string.IsNullOrWhiteSpace(options.App))
                options.App = node.Value.Node.Name;
        }
    }
}
