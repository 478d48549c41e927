using Mlops.Client;
using Mlops.Prediction.Backtests;
using Mlops.Training;
using Mlops.Training.Profiles;
using Mlops.Web.Feeds;
using Mlops.Web.Rest;
using Mlops.Workflows;

namespace Mlops.Web.Runs;

/// <summary>Models, what they are meant for, and how they would have answered.</summary>
internal static class ModelOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listModels", "models", "/models", "Lists the models, newest first.", List)
            .Takes(new QueryParameter("workflow", "string", "Only models of this workflow."), new QueryParameter("stage", "string", "Only models of this stage.")).Paged().Returns<IReadOnlyList<ModelDetails>>(),
        Operation.Get("getModel", "models", "/models/{id}", "Returns one model with its lineage.", c => Reply.Json(RunContracts.Of(Find(c)))).Returns<ModelDetails>().Refuses(404),
        Operation.Get("getModelProfile", "models", "/models/{id}/profile", "Tells how the data was distributed that a model learned from.", Profile).Returns<ProfileDetails>().Refuses(404),
        Operation.Put("setModelStage", "models", "/models/{id}/stage", "Says what a model is meant for.", SetStageAsync).Takes<StageBody>().Returns<ModelDetails>().Refuses(404, 409),
        Operation.Delete("deleteModel", "models", "/models/{id}", "Deletes a model that no deployment needs.", DeleteAsync).Refuses(404, 409),

        Operation.Get("listBacktests", "models", "/backtests", "Lists the backtests, newest first.", c => c.Page(c.Service<IBacktests>().List().Select(RunContracts.Of))).Paged().Returns<IReadOnlyList<BacktestStatus>>(),
        Operation.Get("getBacktest", "models", "/backtests/{id}", "Returns one backtest with its results.", c => Reply.Json(RunContracts.Of(FindBacktest(c)))).Returns<BacktestStatus>().Refuses(404),
        Operation.Post("startBacktest", "models", "/backtests", "Queues a backtest: how a model would have answered stored records.", StartBacktestAsync).Takes<BacktestStart>().Returns<BacktestStatus>(202),
        Operation.Delete("cancelBacktest", "models", "/backtests/{id}", "Cancels a backtest; does nothing when it has ended.", CancelBacktestAsync).Refuses(404),
    ];

    private static Reply List(Call call)
    {
        string? workflow = call.Text("workflow");
        ModelStage? stage = Names.ParseOptional<ModelStage>("stage", call.Text("stage"));
        return call.Page(call.Service<IModels>().List().Where(m => (workflow is null || m.Workflow == workflow) && (stage is null || m.Stage == stage)).Select(RunContracts.Of));
    }

    private static Reply Profile(Call call)
    {
        ModelProfile profile = call.Service<IModels>().FindProfile(Find(call).Id)
            ?? throw new ProblemException(404, $"Model '{call.Route("id")}' has no profile of its training data.", "Models trained by this version have one; train again.");
        return Reply.Json(new ProfileDetails([.. profile.Inputs.Select(Describe)], profile.Label is { } label ? Describe(label) : null));
    }

    private static FeatureDetails Describe(FeatureProfile f) => new(f.Name, f.Counts, f.Edges, f.Classes);

    private static async Task<Reply> SetStageAsync(Call call)
    {
        StageBody body = await call.BodyAsync<StageBody>().ConfigureAwait(false);
        ModelStage stage = Names.Parse<ModelStage>("stage", body.Stage);
        string id = Find(call).Id;
        return Reply.Json(RunContracts.Of(await InConflictAsync(() => call.Service<IModels>().SetStageAsync(id, stage, call.Author)).ConfigureAwait(false)));
    }

    private static async Task<Reply> DeleteAsync(Call call)
    {
        string id = Find(call).Id;
        await InConflictAsync(() => call.Service<IModels>().DeleteAsync(id, call.Author)).ConfigureAwait(false);
        return Reply.None();
    }

    private static async Task<Reply> StartBacktestAsync(Call call)
    {
        BacktestStart body = await call.BodyAsync<BacktestStart>().ConfigureAwait(false);
        if (body.Limit is < 1)
            throw ProblemException.Invalid($"'limit' is {body.Limit}.", "Give a number above 0, or leave it out for all records.");
        await FilterCheck.RunAsync(call, body.Inputs is null ? body.Feed : null, body.Filter).ConfigureAwait(false);
        BacktestInfo backtest = await call.Service<IBacktests>().StartAsync(
            new BacktestRequest
            {
                Model = body.Model,
                Against = body.Against,
                Deployment = body.Deployment,
                Feed = body.Feed,
                Inputs = RunContracts.Read(body.Inputs),
                Tolerance = body.Tolerance,
                Fill = Names.ParseOptional<MissingValues>("fill", body.Fill),
                From = body.From,
                To = body.To,
                Filter = body.Filter,
                Limit = body.Limit,
                Labels = body.Labels,
                HeldOut = body.HeldOut,
                Importance = body.Importance,
                Author = call.Author,
            },
            call.Aborted).ConfigureAwait(false);
        return Reply.Json(RunContracts.Of(backtest), 202, $"{call.Base}/backtests/{backtest.Id}");
    }

    private static async Task<Reply> CancelBacktestAsync(Call call)
    {
        await call.Service<IBacktests>().CancelAsync(FindBacktest(call).Id).ConfigureAwait(false);
        return Reply.None();
    }

    /// <summary>Does what a thing that exists may refuse because of others.</summary>
    internal static async Task<T> InConflictAsync<T>(Func<Task<T>> deed)
    {
        try
        {
            return await deed().ConfigureAwait(false);
        }
        catch (WorkflowException e)
        {
            throw new ProblemException(409, e.Message, "Do what the detail says, then send the request again.");
        }
    }

    private static ModelInfo Find(Call call) => call.Service<IModels>().Find(call.Route("id"))
        ?? throw ProblemException.NotFound("model", call.Route("id"), "GET /api/v1/models lists them.");

    private static BacktestInfo FindBacktest(Call call) => call.Service<IBacktests>().Find(call.Route("id"))
        ?? throw ProblemException.NotFound("backtest", call.Route("id"), "GET /api/v1/backtests lists them.");
}
