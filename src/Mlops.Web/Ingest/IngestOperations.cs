using Mlops.Client;
using Mlops.Ingest;
using Mlops.Web.Rest;

namespace Mlops.Web.Ingest;

/// <summary>How ingest is doing.</summary>
internal static class IngestOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("getIngest", "ingest", "/ingest", "Tells how ingest is doing: what came, what was put aside and why, and what was lost, since the node started.", c => Reply.Json(Describe(c.Service<IIngestStatus>().Report()))).Returns<IngestFigures>(),
    ];

    private static IngestFigures Describe(IngestReport r) => new(
        r.Messages, r.Records, r.Bytes, r.DeadLetters, r.DeadLettersDropped, r.DeadLettersCut,
        r.DeadLetterCauses.ToDictionary(c => Names.Of(c.Key), c => c.Value),
        r.Duplicates, r.Gaps, r.RetainedRepeats, r.Misfits, r.Lost, r.CyclesLeftOut, r.Pending, r.StaleFeeds, r.Buffered, r.Trouble, r.TroubleSince);
}
