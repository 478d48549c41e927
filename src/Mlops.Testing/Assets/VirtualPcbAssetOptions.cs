namespace Mlops.Testing.Assets;

/// <summary>Configures a <see cref="VirtualPcbAsset"/>.</summary>
public sealed class VirtualPcbAssetOptions : AssetOptions
{
    /// <summary>Creates options with the names of a solder paste inspection machine: app <c>pcb1</c>, collection <c>pads</c>.</summary>
    public VirtualPcbAssetOptions()
    {
        App = "pcb1";
        Collection = "pads";
    }

    /// <summary>Gets or sets the seed; it decides every measurement and label.</summary>
    /// <value>Default 0.</value>
    public long Seed { get; set; }

    /// <summary>Gets or sets how many records later than its own record a label comes at the earliest.</summary>
    /// <value>Default 20. <see cref="long.MaxValue"/> withholds labels until they are asked for.</value>
    public long LabelDelayInRecords { get; set; } = 20;

    /// <summary>Gets or sets how much later than its record a label comes at the earliest.</summary>
    /// <value>Default zero.</value>
    public TimeSpan LabelDelay { get; set; }
}
