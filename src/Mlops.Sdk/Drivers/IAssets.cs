namespace Mlops.Drivers;

/// <summary>Tells which assets the node connects through drivers, and how well. Thread-safe.</summary>
public interface IAssets
{
    /// <summary>Gets the kinds of drivers that the host has registered, ordered.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Lists the assets.</summary>
    /// <returns>A snapshot, ordered by id.</returns>
    IReadOnlyList<AssetInfo> List();

    /// <summary>Returns one asset.</summary>
    /// <param name="id">Its id, in any case.</param>
    /// <returns>A snapshot, or <see langword="null"/> when there is no such asset.</returns>
    AssetInfo? Find(string id);

    /// <summary>Returns the states that an asset was in since the node started.</summary>
    /// <param name="id">Its id, in any case.</param>
    /// <returns>The last ones (<see cref="DriversOptions.HistoryLength"/>), oldest first; empty when there is no such asset.</returns>
    IReadOnlyList<AssetStateEntry> History(string id);
}
