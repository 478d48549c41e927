using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Data;
using Mlops.Prediction;
using Mlops.Training;
using Mlops.Web.Node;
using Mlops.Web.Rest;
using Mlops.Workflows;

namespace Mlops.Web.Inference;

/// <summary>The Open Inference Protocol, version 2; its models are the deployments.</summary>
internal static class InferenceOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("getInferenceServer", "inference", "/v2", "Tells name and version of the server.", _ => Reply.Json(new InferenceServer("mlops", NodeHealth.Version, []))).Root().Returns<InferenceServer>(),
        Operation.Get("getInferenceLive", "inference", "/v2/health/live", "Answers 200 while the process works.", _ => Reply.None(200)).Root().Returns(200),
        Operation.Get("getInferenceReady", "inference", "/v2/health/ready", "Answers 200 while the node serves.", Ready).Root().Returns(200).Refuses(503),
        Operation.Get("getInferenceModel", "inference", "/v2/models/{id}", "Tells inputs and outputs of a deployment.", Describe).Root().Returns<InferenceModel>().Refuses(404),
        Operation.Get("getInferenceModelReady", "inference", "/v2/models/{id}/ready", "Answers 200 while a deployment runs.", ModelReady).Root().Returns(200).Refuses(404, 503),
        Operation.Post("infer", "inference", "/v2/models/{id}/infer", "Answers rows with the model of a deployment; nothing is stored or published.", InferAsync)
            .Root().Takes<InferenceRequest>().Returns<InferenceAnswer>().NotAudited().Refuses(404, 503),
    ];

    private static Reply Ready(Call call) => call.Http.RequestServices.GetRequiredService<NodeHealth>().NotReady is { } reason
        ? throw new ProblemException(503, reason, "Ask again in a moment.") { RetryAfter = TimeSpan.FromSeconds(1) }
        : Reply.None(200);

    private static Reply ModelReady(Call call)
    {
        Running(call);
        return Reply.None(200);
    }

    private static Reply Describe(Call call)
    {
        DeploymentInfo deployment = Find(call);
        ModelInfo model = Model(call, deployment);
        WorkflowPackage? package = call.Service<IWorkflowCatalog>().Find(model.Workflow, model.Version);
        IReadOnlyList<FeedField> outputs = model.Classes is not null || package?.Manifest.Output.Fields is not { } fields
            ? [new FeedField("label", FieldType.Text), new FeedField("score", FieldType.Float64)]
            : [.. fields.Select(f => new FeedField(f.Name, Tensors.TypeOf(f.Type)))];
        return Reply.Json(new InferenceModel(deployment.Id, [model.Id], package?.Manifest.Runtime ?? "", [.. model.Inputs.Select(Tensors.Shape)], [.. outputs.Select(Tensors.Shape)]));
    }

    private static async Task<Reply> InferAsync(Call call)
    {
        DeploymentInfo deployment = Running(call);
        InferenceRequest body = await call.BodyAsync<InferenceRequest>().ConfigureAwait(false);
        HashSet<string>? wanted = body.Outputs is { Count: > 0 } ? [.. body.Outputs.Select(o => o.Name)] : null;
        InferenceAnswer answer = await call.Service<InferenceModels>().PredictAsync(
            deployment.Id,
            inputs => Tensors.Read(body.Inputs, inputs),
            (answers, model) => new InferenceAnswer(deployment.Id, model, Tensors.Write(answers, wanted), body.Id),
            call.Aborted).ConfigureAwait(false);
        return Reply.Json(answer);
    }

    private static DeploymentInfo Running(Call call)
    {
        DeploymentInfo deployment = Find(call);
        return deployment.State is DeploymentState.Running or DeploymentState.Faulted ? deployment
            : throw new ProblemException(503, $"Deployment '{deployment.Id}' is {Names.Of(deployment.State)}.", "Start it, or wait until it has loaded.");
    }

    private static ModelInfo Model(Call call, DeploymentInfo deployment) => call.Service<IModels>().Find(deployment.Request.Model)
        ?? throw ProblemException.NotFound("model", deployment.Request.Model, "GET /api/v1/models lists them.");

    private static DeploymentInfo Find(Call call) => call.Service<IDeployments>().Find(call.Route("id"))
        ?? throw ProblemException.NotFound("deployment", call.Route("id"), "GET /api/v1/deployments lists them.");
}
