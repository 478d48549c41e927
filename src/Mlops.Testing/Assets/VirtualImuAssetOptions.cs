using Mlops.Testing.Imu;

namespace Mlops.Testing.Assets;

/// <summary>Configures a <see cref="VirtualImuAsset"/>.</summary>
public sealed class VirtualImuAssetOptions : AssetOptions
{
    /// <summary>Creates options with the names of a worker at a bench: app <c>imu1</c>, connection <c>worker1</c>.</summary>
    public VirtualImuAssetOptions()
    {
        App = "imu1";
        Connection = "worker1";
        Collection = "right";
    }

    /// <summary>Gets or sets the name of the collection with the records of the left hand; those of the right one are in <see cref="AssetOptions.Collection"/>.</summary>
    /// <value>Default <c>left</c>.</value>
    public string LeftCollection { get; set; } = "left";

    /// <summary>Gets or sets what is done.</summary>
    /// <value>Default: seed 0, 50 measurements a second.</value>
    public ImuWorkOptions Work { get; set; } = new();

    /// <summary>Gets or sets how the measurements travel.</summary>
    /// <value>Default: packets of ten, some late, some lost.</value>
    public ImuRadioOptions Radio { get; set; } = new();

    /// <summary>Gets or sets the time of the first measurement.</summary>
    /// <value>Default: when it is published.</value>
    public DateTimeOffset? Start { get; set; }
}
