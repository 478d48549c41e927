using Mlops.Client;
using Mlops.Ingest;
using Mlops.Web.Rest;

namespace Mlops.Web.Ingest;

/// <summary>Messages that could not be understood.</summary>
internal static class DeadLetterOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listDeadLetters", "ingest", "/dead-letters", "Lists messages that could not be understood, newest first.", List)
            .Takes(new QueryParameter("topic", "string", "Only topics that this filter matches.")).Paged().Returns<IReadOnlyList<DeadLetterEntry>>(),
        Operation.Get("countDeadLetters", "ingest", "/dead-letters/counts", "Counts messages that could not be understood, by cause and source, since the node started, the highest first.", Count).Paged().Returns<IReadOnlyList<DeadLetterCounter>>(),
        Operation.Get("getDeadLetter", "ingest", "/dead-letters/{id}", "Returns one message that could not be understood.", c => Reply.Json(Describe(Find(c)))).Returns<DeadLetterEntry>().Refuses(404),
        Operation.Post("replayDeadLetters", "ingest", "/dead-letters/replay", "Takes messages again, after a mapping or metadata were mended.", ReplayAsync).Takes<IdList>().Returns<ReplayAnswer>(),
        Operation.Post("deleteDeadLetters", "ingest", "/dead-letters/delete", "Deletes messages that could not be understood.", DeleteAsync).Takes<IdList>().Returns<CountAnswer>(),
    ];

    private static Reply List(Call call)
    {
        int wanted = (int)Math.Min(100_000, (call.Integer("offset", 0, 100_000) ?? 0) + (call.Integer("limit", 1, 10_000) ?? 1000) + 1);
        return call.Page(call.Service<IDeadLetters>().List(wanted, call.Text("topic")).Select(Describe));
    }

    private static Reply Count(Call call) => call.Page(call.Service<IDeadLetters>().Counts().Select(c => new DeadLetterCounter(Names.Of(c.Cause), c.Source, c.Count, c.Last, c.LastReason)));

    private static DeadLetterInfo Find(Call call) => call.Service<IDeadLetters>().Find(call.Route("id"))
        ?? throw ProblemException.NotFound("dead letter", call.Route("id"), "GET /api/v1/dead-letters lists them.");

    private static async Task<Reply> ReplayAsync(Call call)
    {
        IdList body = await call.BodyAsync<IdList>().ConfigureAwait(false);
        ReplayResult result = await call.Service<IDeadLetters>().ReplayAsync([.. body.Ids], call.Aborted).ConfigureAwait(false);
        return Reply.Json(new ReplayAnswer(result.Replayed, result.Left));
    }

    private static async Task<Reply> DeleteAsync(Call call)
    {
        IdList body = await call.BodyAsync<IdList>().ConfigureAwait(false);
        return Reply.Json(new CountAnswer(call.Service<IDeadLetters>().Delete([.. body.Ids])));
    }

    private static DeadLetterEntry Describe(DeadLetterInfo letter)
    {
        (string? text, string? base64) = PayloadText.Of(letter.Payload.Span, letter.IsWhole);
        return new DeadLetterEntry(letter.Id, letter.Time, letter.Topic, letter.Reason, letter.Bytes, letter.IsWhole, text, base64);
    }
}
