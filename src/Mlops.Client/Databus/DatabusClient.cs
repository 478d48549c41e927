namespace Mlops.Client;

/// <summary>The apps on the Common Databus. Thread-safe.</summary>
public sealed class DatabusClient
{
    private readonly Transport _transport;

    internal DatabusClient(Transport transport) => _transport = transport;

    /// <summary>Lists the apps.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The apps, by name.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<DatabusApp>> ListAppsAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<DatabusApp>("databus/apps", cancellationToken);

    /// <summary>Lists the feeds that apps fill.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The feeds.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<DatabusFeed>> ListFeedsAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<DatabusFeed>("databus/feeds", cancellationToken);

    /// <summary>Writes values of a feed to its app.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="values">The values.</param>
    /// <param name="cancellationToken">Gives up waiting; the values may be written all the same.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<DatabusWritten> WriteAsync(string feed, DatabusWrite values, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<DatabusWrite, DatabusWritten>(HttpMethod.Post, $"databus/feeds/{Query.Segment(feed)}/values", values, cancellationToken: cancellationToken);

    /// <summary>Asks apps to publish metadata and values anew.</summary>
    /// <param name="path">Which; all where nothing is said.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once the broker has taken it.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public async Task RequestUpdateAsync(string? path = null, CancellationToken cancellationToken = default) =>
        (await _transport.SendAsync(HttpMethod.Post, "databus/update", Transport.Json(new DatabusUpdate(path)), null, cancellationToken).ConfigureAwait(false)).Dispose();
}
