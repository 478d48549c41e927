using Mlops.Client;
using Mlops.Data;
using Mlops.Ingest.Mapping;
using Mlops.Web.Rest;

namespace Mlops.Web.Ingest;

/// <summary>How plain JSON on topics becomes records.</summary>
internal static class MappingOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listMappings", "ingest", "/mappings", "Lists the mappings of plain JSON to feeds.", c => c.Page(c.Service<IMappings>().List().Select(Describe))).Paged().Returns<IReadOnlyList<Mapping>>(),
        Operation.Post("addMapping", "ingest", "/mappings", "Adds a mapping.", AddAsync).Takes<Mapping>().Returns<Mapping>(201),
        Operation.Put("changeMapping", "ingest", "/mappings/{id}", "Replaces a mapping.", ChangeAsync).Takes<Mapping>().Returns<Mapping>().Refuses(404),
        Operation.Delete("deleteMapping", "ingest", "/mappings/{id}", "Removes a mapping; what was stored stays.", DeleteAsync).Refuses(404),
        Operation.Post("learnMapping", "ingest", "/mappings/learn", "Watches topics for a while and works out a mapping; nothing is stored.", LearnAsync).Takes<MappingLearning>().Returns<MappingLearned>().NotAudited().Refuses(409),
    ];

    private static async Task<Reply> AddAsync(Call call)
    {
        Mapping body = await call.BodyAsync<Mapping>().ConfigureAwait(false);
        JsonMapping added = await call.Service<IMappings>().AddAsync(Read(body, body.Id ?? ""), call.Aborted).ConfigureAwait(false);
        return Reply.Json(Describe(added), 201, $"{call.Base}/mappings/{Uri.EscapeDataString(added.Id)}");
    }

    private static async Task<Reply> ChangeAsync(Call call)
    {
        Mapping body = await call.BodyAsync<Mapping>().ConfigureAwait(false);
        string id = call.Route("id");
        IMappings mappings = call.Service<IMappings>();
        if (!mappings.List().Any(m => m.Id == id))
            throw NotFound(id);
        JsonMapping mapping = Read(body, id);
        await mappings.ChangeAsync(mapping, call.Aborted).ConfigureAwait(false);
        return Reply.Json(Describe(mappings.List().FirstOrDefault(m => m.Id == id) ?? mapping));
    }

    private static async Task<Reply> DeleteAsync(Call call) =>
        await call.Service<IMappings>().RemoveAsync(call.Route("id"), call.Aborted).ConfigureAwait(false) ? Reply.None() : throw NotFound(call.Route("id"));

    private static async Task<Reply> LearnAsync(Call call)
    {
        MappingLearning body = await call.BodyAsync<MappingLearning>().ConfigureAwait(false);
        if (body.Seconds is not (> 0 and <= 300) || body.Messages is < 1 or > 10_000)
            throw ProblemException.Invalid("The time or the number of messages is out of bounds.", "Watch for up to 300 seconds and up to 10,000 messages.");
        MappingProposal proposal = await DatabusOperations.OnBusAsync(
            () => call.Service<IMappings>().ProposeAsync(body.Topic, TimeSpan.FromSeconds(body.Seconds), body.Messages, call.Aborted)).ConfigureAwait(false);
        return Reply.Json(new MappingLearned(proposal.Messages, proposal.Records, proposal.Topics, proposal.Notes, proposal.Mapping is { } mapping ? Describe(mapping) : null));
    }

    private static ProblemException NotFound(string id) => ProblemException.NotFound("mapping", id, "GET /api/v1/mappings lists them.");

    private static JsonMapping Read(Mapping body, string id) => new()
    {
        Id = id,
        Topic = body.Topic,
        Feed = body.Feed,
        Records = body.Records ?? "",
        TimestampField = body.TimestampField ?? "timestamp",
        TimestampFormat = Names.ParseOptional<TimestampFormat>("timestampFormat", body.TimestampFormat) ?? TimestampFormat.Auto,
        Fields = [.. (body.Fields ?? []).Select(f => new JsonMappingField(f.Field, f.Path) { Type = Names.ParseOptional<FieldType>("type", f.Type), Unit = f.Unit })],
        TopicFields = body.TopicFields ?? new Dictionary<string, int>(),
    };

    private static Mapping Describe(JsonMapping mapping) => new(
        mapping.Topic,
        mapping.Feed,
        mapping.Id,
        mapping.Records,
        mapping.TimestampField,
        Names.Of(mapping.TimestampFormat),
        [.. mapping.Fields.Select(f => new MappingField(f.Field, f.Path, f.Type is { } type ? Names.Of(type) : null, f.Unit))],
        mapping.TopicFields);
}
