using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Web.Rest;

namespace Mlops.Web.Ingest;

/// <summary>What comes on the message bus.</summary>
internal static class TopicOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listTopics", "ingest", "/topics", "Lists topics on which messages came, with one seen lately. The first request begins to watch; ask again for what came meanwhile. Half a minute without a request ends it.", List)
            .Takes(new QueryParameter("filter", "string", "Which topics, with + for one level and # for the rest; all where nothing is said."))
            .Paged().Returns<IReadOnlyList<TopicDetails>>().Refuses(409),
    ];

    private static Reply List(Call call) => call.Page(call.Http.RequestServices.GetRequiredService<TopicWatch>().Look(call.Text("filter") ?? "#"));
}
