namespace Mlops.Hosting;

/// <summary>Who a node is, section <c>Mlops:Node</c>.</summary>
public sealed class NodeOptions
{
    /// <summary>Gets or sets the node's name, unique in the plant.</summary>
    /// <value>Default: the machine's name in lower case.</value>
    public string Name { get; set; } = Environment.MachineName.ToLowerInvariant();

    /// <summary>Gets or sets the layer the node runs on.</summary>
    /// <value>Default <see cref="NodeLayer.Edge"/>.</value>
    public NodeLayer Layer { get; set; } = NodeLayer.Edge;
}
