namespace Mlops.Hosting;

/// <summary>Where a node runs.</summary>
public enum NodeLayer
{
    /// <summary>Beside the machine.</summary>
    Edge,

    /// <summary>On a server in the plant.</summary>
    Fog,

    /// <summary>In a data centre.</summary>
    Cloud,
}
