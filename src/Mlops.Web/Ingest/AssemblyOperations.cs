using Mlops.Client;
using Mlops.Ingest.Assembly;
using Mlops.Web.Rest;

namespace Mlops.Web.Ingest;

/// <summary>How messages become rows.</summary>
internal static class AssemblyOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listAssemblies", "ingest", "/assemblies", "Lists how rows are assembled, by feed or group of feeds.", c => c.Page(c.Service<IAssemblies>().List().Select(Describe))).Paged().Returns<IReadOnlyList<AssemblyEntry>>(),
        Operation.Get("getAssembly", "ingest", "/assemblies/{feed}", "Tells how the rows of a feed are assembled now: by its own entry, that of its group, or the default.", c => Reply.Json(Describe(c.Service<IAssemblies>().For(c.Route("feed"))))).Returns<AssemblyEntry>(),
        Operation.Put("putAssembly", "ingest", "/assemblies/{feed}", "Says how the rows of a feed, or of all whose ids begin so (followed by *), are assembled from the next message on.", PutAsync).Takes<AssemblyBody>().Returns<AssemblyEntry>(),
        Operation.Delete("deleteAssembly", "ingest", "/assemblies/{feed}", "Removes an entry; its feeds go by the next one that names them.", DeleteAsync).Refuses(404),
    ];

    private static async Task<Reply> PutAsync(Call call)
    {
        AssemblyBody body = await call.BodyAsync<AssemblyBody>().ConfigureAwait(false);
        IAssemblies assemblies = call.Service<IAssemblies>();
        string feed = call.Route("feed");
        bool isNew = assemblies.List().All(a => a.Feed != feed);
        var entry = new FeedAssembly { Feed = feed, Mode = Names.Parse<AssemblyMode>("mode", body.Mode), Shape = Names.Parse<FeedShape>("shape", body.Shape) };
        entry = entry with { MaxAge = body.MaxAge ?? entry.MaxAge, Period = body.Period ?? entry.Period };
        await assemblies.PutAsync(entry, call.Aborted).ConfigureAwait(false);
        return Reply.Json(Describe(entry), isNew ? 201 : 200);
    }

    private static async Task<Reply> DeleteAsync(Call call) =>
        await call.Service<IAssemblies>().RemoveAsync(call.Route("feed"), call.Aborted).ConfigureAwait(false) ? Reply.None()
            : throw ProblemException.NotFound("assembly", call.Route("feed"), "GET /api/v1/assemblies lists them.");

    private static AssemblyEntry Describe(FeedAssembly a) => new(a.Feed, Names.Of(a.Mode), a.MaxAge, a.Period, Names.Of(a.Shape));
}
