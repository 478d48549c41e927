using Mlops.Client;
using Mlops.Prediction;
using Mlops.Prediction.Candidates;
using Mlops.Training;
using Mlops.Web.Rest;
using Mlops.Workflows;

namespace Mlops.Web.Runs;

/// <summary>Models in the prediction stage.</summary>
internal static class DeploymentOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listDeployments", "deployments", "/deployments", "Lists the deployments.", List)
            .Takes(new QueryParameter("workflow", "string", "Only deployments of this workflow."), new QueryParameter("state", "string", "Only deployments in this state.")).Paged().Returns<IReadOnlyList<DeploymentStatus>>(),
        Operation.Get("getDeployment", "deployments", "/deployments/{id}", "Returns one deployment.", c => Reply.Json(RunContracts.Of(Find(c)))).Returns<DeploymentStatus>().Refuses(404),
        Operation.Post("startDeployment", "deployments", "/deployments", "Starts a deployment. It answers every record that is accepted after this request was answered.", StartAsync).Takes<DeploymentStart>().Returns<DeploymentStatus>(201),
        Operation.Patch("changeDeployment", "deployments", "/deployments/{id}", "Puts another model into a deployment, between two batches.", ChangeAsync).Takes<DeploymentChange>().Returns<DeploymentStatus>().Refuses(404, 409),
        Operation.Delete("deleteDeployment", "deployments", "/deployments/{id}", "Ends a deployment; its answers stay.", DeleteAsync).Refuses(404),
        Operation.Get("listPredictions", "deployments", "/deployments/{id}/predictions", "Returns the newest answers, newest first.", PredictionsAsync)
            .Takes(new QueryParameter("limit", "integer", "How many at most, 1 to 10,000; 100 where nothing is said.")).Returns<IReadOnlyList<PredictionAnswer>>().Refuses(404),
        Operation.Post("startShadow", "deployments", "/deployments/{id}/shadow", "Lets a model answer every record beside the production model, unpublished.", c => TryAsync(c, CandidateKind.Shadow)).Takes<CandidateStart>().Returns<DeploymentStatus>().Refuses(404, 409),
        Operation.Post("startCanary", "deployments", "/deployments/{id}/canary", "Lets a model answer a share of the records instead of the production model.", c => TryAsync(c, CandidateKind.Canary)).Takes<CandidateStart>().Returns<DeploymentStatus>().Refuses(404, 409),
        Operation.Delete("endCandidate", "deployments", "/deployments/{id}/candidate", "Ends the trial of a shadow or canary.", EndAsync).Refuses(404, 409),
        Operation.Post("promoteCandidate", "deployments", "/deployments/{id}/promote", "Makes the shadow or canary the production model.", c => MoveAsync(c, (d, id) => d.PromoteAsync(id, c.Author))).Returns<DeploymentStatus>().Refuses(404, 409),
        Operation.Post("rollBackDeployment", "deployments", "/deployments/{id}/rollback", "Goes back to the production model before.", c => MoveAsync(c, (d, id) => d.RollbackAsync(id, c.Author))).Returns<DeploymentStatus>().Refuses(404, 409),
    ];

    private static Reply List(Call call)
    {
        string? workflow = call.Text("workflow");
        DeploymentState? state = Names.ParseOptional<DeploymentState>("state", call.Text("state"));
        return call.Page(call.Service<IDeployments>().List().Where(d => (workflow is null || d.Request.Workflow == workflow) && (state is null || d.State == state)).Select(RunContracts.Of));
    }

    private static async Task<Reply> StartAsync(Call call)
    {
        DeploymentStart body = await call.BodyAsync<DeploymentStart>().ConfigureAwait(false);
        var request = new DeploymentRequest
        {
            Workflow = body.Workflow,
            Model = body.Model,
            Feed = body.Feed,
            Inputs = RunContracts.Read(body.Inputs),
            Tolerance = body.Tolerance,
            Delivery = Names.ParseOptional<Delivery>("delivery", body.Delivery) ?? Delivery.Every,
            Fill = Names.ParseOptional<MissingValues>("fill", body.Fill),
            From = body.From,
            Output = body.Output is { } output ? new DeploymentOutput(output.Connection, output.Collection) : null,
            Author = call.Author,
        };
        if (body.MaxAge is { } age)
            request = request with { MaxAge = age > TimeSpan.Zero ? age : throw ProblemException.Invalid($"'maxAge' is {age}.", "Give a duration above zero, for example 00:05:00.") };
        DeploymentInfo deployment = await call.Service<IDeployments>().StartAsync(request, call.Aborted).ConfigureAwait(false);
        return Reply.Json(RunContracts.Of(deployment), 201, $"{call.Base}/deployments/{deployment.Id}");
    }

    private static async Task<Reply> ChangeAsync(Call call)
    {
        Find(call);
        DeploymentChange body = await call.BodyAsync<DeploymentChange>().ConfigureAwait(false);
        ThrowIfNoModel(call, body.Model);
        return await MoveAsync(call, (d, id) => d.SwapAsync(id, body.Model, call.Author, call.Aborted)).ConfigureAwait(false);
    }

    private static async Task<Reply> TryAsync(Call call, CandidateKind kind)
    {
        Find(call);
        CandidateStart body = await call.BodyAsync<CandidateStart>().ConfigureAwait(false);
        ThrowIfNoModel(call, body.Model);
        double share = body.Share ?? (kind == CandidateKind.Canary ? 0.1 : 1);
        if (!(share is > 0 and <= 1))
            throw ProblemException.Invalid($"'share' is {share}.", "Give a number above 0 and up to 1.");
        var request = new CandidateRequest { Model = body.Model, Kind = kind, Share = share, Author = call.Author };
        return await MoveAsync(call, (d, id) => d.StartCandidateAsync(id, request, call.Aborted)).ConfigureAwait(false);
    }

    private static async Task<Reply> EndAsync(Call call)
    {
        await MoveAsync(call, (d, id) => d.EndCandidateAsync(id, call.Author)).ConfigureAwait(false);
        return Reply.None();
    }

    private static async Task<Reply> MoveAsync(Call call, Func<IDeployments, string, Task<DeploymentInfo>> move)
    {
        string id = Find(call).Id;
        return Reply.Json(RunContracts.Of(await ModelOperations.InConflictAsync(() => move(call.Service<IDeployments>(), id)).ConfigureAwait(false)));
    }

    private static async Task<Reply> DeleteAsync(Call call)
    {
        await call.Service<IDeployments>().StopAsync(Find(call).Id, call.Author).ConfigureAwait(false);
        return Reply.None();
    }

    private static async Task<Reply> PredictionsAsync(Call call)
    {
        IReadOnlyList<PredictionResult> answers = await call.Service<IPredictions>().ListAsync(Find(call).Id, (int)(call.Integer("limit", 1, 10_000) ?? 100), call.Aborted).ConfigureAwait(false);
        return Reply.Json<IReadOnlyList<PredictionAnswer>>([.. answers.Select(RunContracts.Of)]);
    }

    private static void ThrowIfNoModel(Call call, string model)
    {
        if (call.Service<IModels>().Find(model) is null)
            throw ProblemException.Invalid($"There is no model '{(model.Length > 100 ? model[..100] + "…" : model)}'.", "GET /api/v1/models lists them.");
    }

    internal static DeploymentInfo Find(Call call) => call.Service<IDeployments>().Find(call.Route("id"))
        ?? throw ProblemException.NotFound("deployment", call.Route("id"), "GET /api/v1/deployments lists them.");
}
