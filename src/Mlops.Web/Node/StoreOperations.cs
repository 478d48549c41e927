using Mlops.Client;
using Mlops.Store;
using Mlops.Web.Rest;

namespace Mlops.Web.Node;

/// <summary>Size, health and upkeep of the store.</summary>
internal static class StoreOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("getStore", "node", "/store", "Tells what each feed takes up and how it grows, what is damaged, and how much is free.", Get).Returns<StoreDetails>(),
        Operation.Post("verifyStore", "node", "/store/verify", "Compares every stored byte with its checksum, and sets aside what is broken. Answers at the end; closing the connection ends it.", VerifyAsync).Returns<VerificationAnswer>(),
        Operation.Post("applyRetention", "node", "/store/retention", "Drops now what the settings of retention say.", RetainAsync)
            .Takes(new QueryParameter("pastReaders", "boolean", "Whether records go that a reader has not come to yet.")).Returns<RetentionAnswer>(),
        Operation.Post("forgetDamaged", "node", "/store/damaged/{feed}/forget", "Gives up for good what was set aside of a feed.", ForgetAsync).Returns<IReadOnlyList<DamagedPart>>().Refuses(404),
    ];

    private static Reply Get(Call call)
    {
        StoreStatus status = call.Service<IStoreKeeper>().Status();
        return Reply.Json(new StoreDetails(
            [.. status.Feeds.Select(f => new FeedSize(f.Feed, f.Records, f.Files, f.Bytes, f.LogBytes, f.RecordsPerDay, f.BytesPerDay, f.First, f.Last))],
            Describe(status.Damaged), status.DatabaseBytes, status.FreeBytes, status.Trouble, status.TroubleSince));
    }

    private static async Task<Reply> VerifyAsync(Call call)
    {
        StoreVerification found = await call.Service<IStoreKeeper>().VerifyAsync(call.Aborted).ConfigureAwait(false);
        return Reply.Json(new VerificationAnswer(found.Files, found.LogRows, found.Bytes, Describe(found.Damaged)));
    }

    private static async Task<Reply> RetainAsync(Call call)
    {
        bool pastReaders = call.Choice("pastReaders", "false", "true", "false") == "true";
        RetentionResult dropped = await call.Service<IStoreKeeper>().ApplyRetentionAsync(pastReaders, call.Aborted).ConfigureAwait(false);
        return Reply.Json(new RetentionAnswer(dropped.Records, dropped.Bytes, [.. dropped.Held.Select(h => new HeldPart(h.Feed, h.AfterPosition, h.Reader))]));
    }

    private static async Task<Reply> ForgetAsync(Call call)
    {
        IStoreKeeper keeper = call.Service<IStoreKeeper>();
        string feed = call.Route("feed");
        if (keeper.Status().Damaged.All(d => d.Feed != feed))
            throw new ProblemException(404, $"Nothing was set aside of a feed '{feed}'.", "GET /api/v1/store names what was.");
        return Reply.Json(Describe(await keeper.ForgetDamagedAsync(feed, call.Aborted).ConfigureAwait(false)));
    }

    private static IReadOnlyList<DamagedPart> Describe(IReadOnlyList<DamagedRecords> damaged) =>
        [.. damaged.Select(d => new DamagedPart(d.Feed, d.First, d.Last, d.Count, d.Reason, d.Found, d.Path))];
}
