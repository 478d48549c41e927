namespace Mlops.Client;

/// <summary>Machines, sensors and cameras. Thread-safe.</summary>
public sealed class AssetsClient
{
    private readonly Transport _transport;

    internal AssetsClient(Transport transport) => _transport = transport;

    /// <summary>Lists the kinds of drivers.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The kinds with the JSON schemas of their settings.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<DriverDetails>> ListDriversAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<DriverDetails>("drivers", cancellationToken);

    /// <summary>Lists the assets.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The assets.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<AssetDetails>> ListAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<AssetDetails>("assets", cancellationToken);

    /// <summary>Returns one asset.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<AssetDetails> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<AssetDetails>($"assets/{Query.Segment(id)}", cancellationToken);

    /// <summary>Adds or replaces an asset.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="asset">What it shall be.</param>
    /// <param name="tag">The version that is to be changed; <see langword="null"/> for whichever there is.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<AssetDetails> PutAsync(string id, AssetBody asset, string? tag = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<AssetBody, AssetDetails>(HttpMethod.Put, $"assets/{Query.Segment(id)}", asset, tag, cancellationToken);

    /// <summary>Forgets an asset; its feeds stay.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="tag">The version that is to be changed; <see langword="null"/> for whichever there is.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once its driver has stopped.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DeleteAsync(string id, string? tag = null, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"assets/{Query.Segment(id)}", cancellationToken, tag);

    /// <summary>Lists the states that an asset was in.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The states.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<AssetStateChange>> GetHistoryAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<AssetStateChange>($"assets/{Query.Segment(id)}/history", cancellationToken);

    /// <summary>Tries settings without storing them.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="asset">The settings.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ConnectionTestAnswer> TestAsync(string id, AssetBody asset, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<AssetBody, ConnectionTestAnswer>(HttpMethod.Post, $"assets/{Query.Segment(id)}/test", asset, cancellationToken: cancellationToken);

    /// <summary>Lists what can be read at an asset.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="parent">The item below which to look; <see langword="null"/> for the top.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The items.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<BrowseEntry>> BrowseAsync(string id, string? parent = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<BrowseRequest, IReadOnlyList<BrowseEntry>>(HttpMethod.Post, $"assets/{Query.Segment(id)}/browse", new BrowseRequest(parent), cancellationToken: cancellationToken);

    /// <summary>Writes values to an asset.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="values">The values.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What became of each.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<AssetWrite>> WriteAsync(string id, AssetValues values, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<AssetValues, IReadOnlyList<AssetWrite>>(HttpMethod.Post, $"assets/{Query.Segment(id)}/values", values, cancellationToken: cancellationToken);

    /// <summary>Calls a method of an asset.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="method">The method and its arguments.</param>
    /// <param name="cancellationToken">Gives up waiting; the method may run all the same.</param>
    /// <returns>What the method has returned.</returns>
    /// <exception cref="MlopsException">The node or the asset refused it.</exception>
    public Task<AssetCallAnswer> CallAsync(string id, AssetCall method, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<AssetCall, AssetCallAnswer>(HttpMethod.Post, $"assets/{Query.Segment(id)}/call", method, cancellationToken: cancellationToken);

    /// <summary>Looks for assets that drivers of a kind could connect.</summary>
    /// <param name="kind">The kind of the drivers.</param>
    /// <param name="address">Where to look, as the kind's documentation says; <see langword="null"/> for where the kind looks by itself.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What was found, the most advisable first.</returns>
    /// <exception cref="MlopsException">The node refused it, or nothing answers there.</exception>
    public Task<IReadOnlyList<DiscoveryEntry>> DiscoverAsync(string kind, string? address = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<DiscoveryRequest, IReadOnlyList<DiscoveryEntry>>(HttpMethod.Post, $"drivers/{Query.Segment(kind)}/discover", new DiscoveryRequest(address), cancellationToken: cancellationToken);

    /// <summary>Fetches what an asset sees.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="target">Takes the image; nothing when there is none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is there.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task GetPreviewAsync(string id, Stream target, CancellationToken cancellationToken = default) =>
        _transport.CopyAsync($"assets/{Query.Segment(id)}/preview", target, cancellationToken);

    /// <summary>Lets an asset's driver run, or stops it; its settings stay.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="enabled">Whether its driver runs.</param>
    /// <param name="tag">The version to be changed; any where nothing is said.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<AssetDetails> EnableAsync(string id, bool enabled, string? tag = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<EnabledBody, AssetDetails>(HttpMethod.Patch, $"assets/{Query.Segment(id)}", new EnabledBody(enabled), tag, cancellationToken);
}
