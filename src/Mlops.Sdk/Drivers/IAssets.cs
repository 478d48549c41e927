namespace Mlops.Drivers;

/// <summary>Tells which assets the node connects through drivers. Thread-safe.</summary>
public interface IAssets
{
    /// <summary>Gets the kinds of drivers that the host has registered, ordered.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Lists the assets.</summary>
    /// <returns>A snapshot, ordered by id.</returns>
    IReadOnlyList<AssetInfo> List();
}
