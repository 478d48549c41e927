using Mlops.Client;
using Mlops.Prediction.Retraining;
using Mlops.Web.Feeds;
using Mlops.Web.Rest;

namespace Mlops.Web.Runs;

/// <summary>Triggers that train models again, and what comes of them.</summary>
internal static class RetrainingOperations
{
    private const int MaxRetrainings = 10_000;

    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listTriggers", "retraining", "/triggers", "Lists the triggers of retrainings, oldest first.", c => c.Page(c.Service<IRetraining>().List().Select(RetrainingContracts.Of))).Paged().Returns<IReadOnlyList<TriggerDetails>>(),
        Operation.Get("getTrigger", "retraining", "/triggers/{id}", "Returns a trigger and how its conditions stand.", c => Reply.Json(RetrainingContracts.Of(Find(c)))).Returns<TriggerDetails>().Refuses(404),
        Operation.Post("addTrigger", "retraining", "/triggers", "Adds a trigger: when to train what, and what becomes of the model.", AddAsync).Takes<TriggerBody>().Returns<TriggerDetails>(201),
        Operation.Put("changeTrigger", "retraining", "/triggers/{id}", "Replaces what a trigger asks for; its conditions begin anew.", ChangeAsync).Takes<TriggerBody>().Returns<TriggerDetails>().Refuses(404),
        Operation.Patch("enableTrigger", "retraining", "/triggers/{id}", "Lets a trigger fire, or keeps it from firing.", EnableAsync).Takes<EnabledBody>().Returns<TriggerDetails>().Refuses(404),
        Operation.Delete("deleteTrigger", "retraining", "/triggers/{id}", "Removes a trigger and cancels its retraining; models stay.", DeleteAsync).Refuses(404),
        Operation.Post("runTrigger", "retraining", "/triggers/{id}/run", "Fires a trigger now, whatever its conditions say.", RunAsync).Returns<RetrainingDetails>(202).Refuses(404, 409),
        Operation.Get("listRetrainings", "retraining", "/retrainings", "Lists retrainings, newest first; also those of triggers that are gone.", List)
            .Takes(new QueryParameter("trigger", "string", "Only those of this trigger.")).Paged().Returns<IReadOnlyList<RetrainingDetails>>(),
        Operation.Get("getRetraining", "retraining", "/retrainings/{id}", "Returns a retraining.", c => Reply.Json(RetrainingContracts.Of(FindRetraining(c)))).Returns<RetrainingDetails>().Refuses(404),
        Operation.Post("approveRetraining", "retraining", "/retrainings/{id}/approve", "Lets a model that waits for approval take its next step.", c => DecideAsync(c, (r, id) => r.ApproveAsync(id, c.Author))).Returns<RetrainingDetails>().Refuses(404, 409),
        Operation.Post("rejectRetraining", "retraining", "/retrainings/{id}/reject", "Turns a model down that waits for approval; it stays in the registry.", RejectAsync).TakesOptional<RejectBody>().Returns<RetrainingDetails>().Refuses(404, 409),
        Operation.Delete("cancelRetraining", "retraining", "/retrainings/{id}", "Cancels a retraining with its training or backtest; does nothing when it has ended.", CancelAsync).Refuses(404),
    ];

    private static async Task<Reply> AddAsync(Call call)
    {
        TriggerBody body = await call.BodyAsync<TriggerBody>().ConfigureAwait(false);
        await FilterCheck.RunAsync(call, body.Training?.Inputs is null ? body.Training?.Feed : null, body.Training?.Filter).ConfigureAwait(false);
        TriggerInfo added = await call.Service<IRetraining>().AddAsync(RetrainingContracts.Read(body), call.Author, call.Aborted).ConfigureAwait(false);
        return Reply.Json(RetrainingContracts.Of(added), 201, $"{call.Base}/triggers/{added.Id}");
    }

    private static async Task<Reply> ChangeAsync(Call call)
    {
        string id = Find(call).Id;
        TriggerBody body = await call.BodyAsync<TriggerBody>().ConfigureAwait(false);
        await FilterCheck.RunAsync(call, body.Training?.Inputs is null ? body.Training?.Feed : null, body.Training?.Filter).ConfigureAwait(false);
        return Reply.Json(RetrainingContracts.Of(await call.Service<IRetraining>().ChangeAsync(id, RetrainingContracts.Read(body), call.Author, call.Aborted).ConfigureAwait(false)));
    }

    private static async Task<Reply> EnableAsync(Call call)
    {
        string id = Find(call).Id;
        EnabledBody body = await call.BodyAsync<EnabledBody>().ConfigureAwait(false);
        return Reply.Json(RetrainingContracts.Of(await call.Service<IRetraining>().EnableAsync(id, body.Enabled, call.Author).ConfigureAwait(false)));
    }

    private static async Task<Reply> DeleteAsync(Call call)
    {
        await call.Service<IRetraining>().DeleteAsync(Find(call).Id, call.Author).ConfigureAwait(false);
        return Reply.None();
    }

    private static async Task<Reply> RunAsync(Call call)
    {
        string id = Find(call).Id;
        RetrainingInfo begun = await ModelOperations.InConflictAsync(() => call.Service<IRetraining>().RunAsync(id, call.Author)).ConfigureAwait(false);
        return Reply.Json(RetrainingContracts.Of(begun), 202, $"{call.Base}/retrainings/{begun.Id}");
    }

    private static Reply List(Call call) => call.Page(call.Service<IRetraining>().Retrainings(call.Text("trigger"), MaxRetrainings).Select(RetrainingContracts.Of));

    private static async Task<Reply> RejectAsync(Call call)
    {
        RejectBody? body = await call.OptionalBodyAsync<RejectBody>().ConfigureAwait(false);
        return await DecideAsync(call, (r, id) => r.RejectAsync(id, call.Author, body?.Reason)).ConfigureAwait(false);
    }

    private static async Task<Reply> DecideAsync(Call call, Func<IRetraining, string, Task<RetrainingInfo>> decide)
    {
        string id = FindRetraining(call).Id;
        return Reply.Json(RetrainingContracts.Of(await ModelOperations.InConflictAsync(() => decide(call.Service<IRetraining>(), id)).ConfigureAwait(false)));
    }

    private static async Task<Reply> CancelAsync(Call call)
    {
        await call.Service<IRetraining>().CancelAsync(FindRetraining(call).Id, call.Author).ConfigureAwait(false);
        return Reply.None();
    }

    private static TriggerInfo Find(Call call) => call.Service<IRetraining>().Find(call.Route("id"))
        ?? throw ProblemException.NotFound("trigger", call.Route("id"), "GET /api/v1/triggers lists them.");

    private static RetrainingInfo FindRetraining(Call call) => call.Service<IRetraining>().FindRetraining(call.Route("id"))
        ?? throw ProblemException.NotFound("retraining", call.Route("id"), "GET /api/v1/retrainings lists them.");
}
