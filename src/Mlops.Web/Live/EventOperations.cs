using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Web.Feeds;
using Mlops.Web.Rest;
using Mlops.Web.Security;

namespace Mlops.Web.Live;

/// <summary>Server-sent events.</summary>
internal static class EventOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listenToEvents", "live", "/events", "Sends what happens as server-sent events: records and predictions as they come, and states as they change. Without parameters, everything.", Listen)
            .Takes(
                new QueryParameter("feeds", "string", "Ids of feeds, separated by commas; * for all, also those that come."),
                new QueryParameter("deployments", "string", "Ids of deployments whose answers are wanted, separated by commas."),
                new QueryParameter("topics", "string", $"States, separated by commas: {string.Join(", ", EventHub.Topics)}; * for all."))
            .Returns(200, "text/event-stream").Refuses(404, 429, 503),
    ];

    private static Reply Listen(Call call)
    {
        IReadOnlyList<string>? feeds = call.Texts("feeds"), deployments = call.Texts("deployments"), topics = call.Texts("topics");
        bool everything = feeds is null && deployments is null && topics is null;
        foreach (string topic in topics ?? [])
        {
            if (topic != "*" && !EventHub.Topics.Contains(topic))
                throw ProblemException.Invalid($"There are no states '{topic}'.", $"Choose of: {string.Join(", ", EventHub.Topics)}, or * for all.");
        }

        bool allFeeds = everything || feeds?.Contains("*") == true;
        string[] followed = [.. allFeeds ? [] : (feeds ?? []).Select(f => Feed(call, f)), .. (deployments ?? []).Select(d => PredictionFeed(call, d))];
        if (followed.Length > EventHub.MaxFeeds)
            throw ProblemException.Invalid($"{followed.Length} feeds are too many for one client.", $"Listen to up to {EventHub.MaxFeeds}.");
        HashSet<string> wanted = [.. everything || topics?.Contains("*") == true ? EventHub.Topics : topics ?? []];
        WebOptions options = call.Http.RequestServices.GetRequiredService<IOptions<WebOptions>>().Value;
        EventHub hub = call.Http.RequestServices.GetRequiredService<EventHub>();
        var client = new EventClient($"{call.Caller.How} {call.Caller.Name}", options.EventQueue, wanted, allFeeds);
        switch (hub.Add(client, followed, options.MaxEventClients, options.MaxEventClientsPerUser))
        {
            case EventPlace.NoneLeft:
                throw new ProblemException(503, $"{options.MaxEventClients} clients listen to events already.", "Close some, or raise Mlops:Web:MaxEventClients.") { RetryAfter = TimeSpan.FromSeconds(10) };
            case EventPlace.NoneLeftForCaller:
                throw new ProblemException(429, $"'{call.Caller.Name}' listens to events {options.MaxEventClientsPerUser} times already.", "Close some, or raise Mlops:Web:MaxEventClientsPerUser.") { RetryAfter = TimeSpan.FromSeconds(10) };
        }

        Reply reply = Reply.Streamed("text/event-stream", http => SendAsync(http, hub, client, call.Operation));
        // Proxies must not collect events before they pass them on.
        reply.Headers["X-Accel-Buffering"] = "no";
        return reply;
    }

    private static async Task SendAsync(HttpContext http, EventHub hub, EventClient client, Operation operation)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        CancellationToken stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        AccessGate gate = http.RequestServices.GetRequiredService<AccessGate>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            await client.WriteAsync(http, () => gate.MayStay(http, operation), ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client left, or the node stops: an event stream has no other end.
        }
        finally
        {
            hub.Remove(client);
        }
    }

    private static string Feed(Call call, string id) => call.Service<IFeedReader>().Find(id) is null ? throw FeedOperations.NotFound(id) : id;

    private static string PredictionFeed(Call call, string id) => call.Service<IDeployments>().Find(id)?.PredictionFeed
        ?? throw ProblemException.NotFound("deployment", id, "GET /api/v1/deployments lists them.");
}
