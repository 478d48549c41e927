using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Mlops.Client;

/// <summary>Everything that a node does over REST. Thread-safe.</summary>
public sealed class MlopsClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly bool _isOwn;
    private readonly Transport _transport;

    /// <summary>Creates a client with connections of its own.</summary>
    /// <param name="address">Where the node is, for example <c>http://127.0.0.1:8080/</c>.</param>
    /// <param name="token">An API token; <see langword="null"/> for none, or to sign in.</param>
    public MlopsClient(Uri address, string? token = null)
        : this(Create(address, token)) => _isOwn = true;

    /// <summary>Creates a client over connections of the host, for example from a factory.</summary>
    /// <param name="http">Its base address is the node's, and ends with a slash.</param>
    public MlopsClient(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http);
        _http = http;
        _transport = new Transport(http);
        Node = new NodeClient(_transport);
        Access = new AccessClient(_transport);
        Assets = new AssetsClient(_transport);
        Feeds = new FeedsClient(_transport);
        Ingest = new IngestClient(_transport);
        Databus = new DatabusClient(_transport);
        Store = new StoreClient(_transport);
        Workflows = new WorkflowsClient(_transport);
        Trainings = new TrainingsClient(_transport);
        Models = new ModelsClient(_transport);
        Deployments = new DeploymentsClient(_transport);
        Retraining = new RetrainingClient(_transport);
        Inference = new InferenceClient(_transport);
    }

    /// <summary>Gets the node itself.</summary>
    public NodeClient Node { get; }

    /// <summary>Gets users, tokens and the audit log.</summary>
    public AccessClient Access { get; }

    /// <summary>Gets the assets.</summary>
    public AssetsClient Assets { get; }

    /// <summary>Gets the feeds.</summary>
    public FeedsClient Feeds { get; }

    /// <summary>Gets mappings, assemblies and dead letters.</summary>
    public IngestClient Ingest { get; }

    /// <summary>Gets the apps on the Common Databus.</summary>
    public DatabusClient Databus { get; }

    /// <summary>Gets the store.</summary>
    public StoreClient Store { get; }

    /// <summary>Gets the workflows.</summary>
    public WorkflowsClient Workflows { get; }

    /// <summary>Gets the trainings.</summary>
    public TrainingsClient Trainings { get; }

    /// <summary>Gets models and backtests.</summary>
    public ModelsClient Models { get; }

    /// <summary>Gets the deployments.</summary>
    public DeploymentsClient Deployments { get; }

    /// <summary>Gets triggers and retrainings.</summary>
    public RetrainingClient Retraining { get; }

    /// <summary>Gets the Open Inference Protocol.</summary>
    public InferenceClient Inference { get; }

    /// <summary>Listens to what happens, without end.</summary>
    /// <param name="feeds">Ids of feeds, separated by commas; <c>*</c> for all.</param>
    /// <param name="deployments">Ids of deployments whose answers are wanted.</param>
    /// <param name="topics">States, such as <c>training</c>; <c>*</c> for all. With none of the three, everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The events as they come; ends when the node stops.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public async IAsyncEnumerable<NodeEvent> ListenAsync(
        string? feeds = null, string? deployments = null, string? topics = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string path = Query.Of("events", ("feeds", feeds), ("deployments", deployments), ("topics", topics));
        using HttpResponseMessage response = await _transport.SendAsync(HttpMethod.Get, path, null, null, cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        (string? name, string? data, string? id) = (null, null, null);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0 && data is not null)
            {
                yield return new NodeEvent(name ?? "message", data, id);
                (name, data, id) = (null, null, null);
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line[6..];
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
        }
    }

    /// <summary>Closes the connections, if they are its own.</summary>
    public void Dispose()
    {
        if (_isOwn)
            _http.Dispose();
    }

    private static HttpClient Create(Uri address, string? token)
    {
        ArgumentNullException.ThrowIfNull(address);
        var http = new HttpClient { BaseAddress = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/"), Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}
