using System.Text.Json.Nodes;
using Mlops.Client;
using Mlops.Databus;
using Mlops.Web.Rest;

namespace Mlops.Web.Ingest;

/// <summary>The apps on the Common Databus.</summary>
internal static class DatabusOperations
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listDatabusApps", "databus", "/databus/apps", "Lists the apps on the Common Databus with what they say of themselves.", c => c.Page(c.Service<IDatabus>().Apps().Select(Describe))).Paged().Returns<IReadOnlyList<DatabusApp>>(),
        Operation.Get("listDatabusFeeds", "databus", "/databus/feeds", "Lists the feeds that apps fill, and whether values are to be expected.", c => c.Page(c.Service<IDatabus>().Feeds().Select(Describe))).Paged().Returns<IReadOnlyList<DatabusFeed>>(),
        Operation.Post("writeDatabus", "databus", "/databus/feeds/{feed}/values", "Writes values of a feed to its app.", WriteAsync).Takes<DatabusWrite>().Returns<DatabusWritten>().Refuses(404),
        Operation.Post("updateDatabus", "databus", "/databus/update", "Asks apps to publish metadata and values anew.", UpdateAsync).TakesOptional<DatabusUpdate>().Returns(204).Refuses(409),
    ];

    private static async Task<Reply> WriteAsync(Call call)
    {
        DatabusWrite body = await call.BodyAsync<DatabusWrite>().ConfigureAwait(false);
        string feed = call.Route("feed");
        if (call.Service<IDatabus>().Feeds().All(f => f.Feed != feed))
            throw ProblemException.NotFound("feed of an app on the databus called", feed, "GET /api/v1/databus/feeds lists them.");
        if (body.Values.Count == 0)
            throw ProblemException.Invalid("There is no value to write.", "Name at least one data point.");
        if (body.AnswerWithin is { } wait && (wait <= TimeSpan.Zero || wait > MaxWait))
            throw ProblemException.Invalid($"'answerWithin' is {wait}.", $"Give a duration above zero and up to {MaxWait}, or leave it out.");
        var values = body.Values.ToDictionary(v => v.Key, v => Value(v.Key, v.Value), StringComparer.Ordinal);
        DatabusWriteResult result = await OnBusAsync(() => call.Service<IDatabusWriter>().WriteAsync(feed, values, body.AnswerWithin, call.Aborted).AsTask()).ConfigureAwait(false);
        return Reply.Json(new DatabusWritten(result.Topic, result.RequestId, result.Answer));
    }

    private static async Task<Reply> UpdateAsync(Call call)
    {
        DatabusUpdate? body = await call.OptionalBodyAsync<DatabusUpdate>().ConfigureAwait(false);
        return await OnBusAsync(async () =>
        {
            await call.Service<IDatabusWriter>().RequestUpdateAsync(body?.Path ?? "", call.Aborted).ConfigureAwait(false);
            return Reply.None();
        }).ConfigureAwait(false);
    }

    /// <summary>Does what needs a message bus.</summary>
    internal static async Task<T> OnBusAsync<T>(Func<Task<T>> deed)
    {
        try
        {
            return await deed().ConfigureAwait(false);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            throw new ProblemException(409, e.Message, "Add a message bus to the host, for example with AddMqttBroker().");
        }
    }

    private static object? Value(string name, JsonNode? node) =>
        node is JsonArray items ? items.Select((item, i) => JsonValues.ToScalar($"{name}[{i}]", item)).ToArray() : JsonValues.ToScalar(name, node);

    private static DatabusApp Describe(DatabusAppInfo a) => new(a.Name, a.Connections, a.Feeds, a.ApplicationName, a.Status, a.StatusSince);

    private static DatabusFeed Describe(DatabusFeedInfo f) => new(f.Feed, f.App, f.Connection, f.Collection, f.Missing, f.Writable, f.StaleReason, f.StaleSince, f.LastValue);
}
