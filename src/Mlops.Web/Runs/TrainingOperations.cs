using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Training;
using Mlops.Web.Feeds;
using Mlops.Web.Rest;

namespace Mlops.Web.Runs;

/// <summary>Trainings.</summary>
internal static class TrainingOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listTrainings", "trainings", "/trainings", "Lists the trainings, newest first.", List)
            .Takes(new QueryParameter("workflow", "string", "Only trainings of this workflow."), new QueryParameter("state", "string", "Only trainings in this state.")).Paged().Returns<IReadOnlyList<TrainingStatus>>(),
        Operation.Get("getTraining", "trainings", "/trainings/{id}", "Returns one training with its progress.", c => Reply.Json(RunContracts.Of(Find(c)))).Returns<TrainingStatus>().Refuses(404),
        Operation.Post("startTraining", "trainings", "/trainings", "Queues a training on stored records.", StartAsync).Takes<TrainingStart>().Returns<TrainingStatus>(202),
        Operation.Post("previewTraining", "trainings", "/trainings/preview", "Shows what a training would learn from, without starting it.", PreviewAsync).Takes<TrainingStart>().Returns<TrainingPreview>().NotAudited(),
        Operation.Delete("cancelTraining", "trainings", "/trainings/{id}", "Cancels a training; does nothing when it has ended.", CancelAsync).Refuses(404),
        Operation.Get("getTrainingLog", "trainings", "/trainings/{id}/log", "Returns the last lines of a training's output, oldest first.", Log).Paged().Returns<IReadOnlyList<OutputLine>>().Refuses(404),
        Operation.Get("getTrainingMetrics", "trainings", "/trainings/{id}/metrics", "Returns the metrics of a training by step.", Metrics)
            .Takes(new QueryParameter("name", "string", "Only this metric.")).Paged().Returns<IReadOnlyList<MetricValue>>().Refuses(404),
    ];

    private static Reply List(Call call)
    {
        string? workflow = call.Text("workflow");
        TrainingState? state = Names.ParseOptional<TrainingState>("state", call.Text("state"));
        return call.Page(call.Service<ITrainings>().List().Where(t => (workflow is null || t.Workflow == workflow) && (state is null || t.State == state)).Select(RunContracts.Of));
    }

    private static async Task<Reply> StartAsync(Call call)
    {
        TrainingInfo training = await call.Service<ITrainings>().StartAsync(await RequestAsync(call).ConfigureAwait(false), call.Aborted).ConfigureAwait(false);
        return Reply.Json(RunContracts.Of(training), 202, $"{call.Base}/trainings/{training.Id}");
    }

    private static async Task<Reply> PreviewAsync(Call call)
    {
        SelectionPreview preview = await call.Service<ITrainings>().PreviewAsync(await RequestAsync(call).ConfigureAwait(false), call.Aborted).ConfigureAwait(false);
        return Reply.Json(new TrainingPreview(
            preview.Feed, preview.Records, preview.HeldOut, preview.Truncated, preview.First, preview.Last,
            [.. preview.Inputs.Select(FeedContracts.Of)],
            [.. preview.Rows.Select(r => new PreviewRow(r.Time, JsonValues.ToJson(r.Values), JsonValues.ToJson(r.Label)))],
            preview.Label,
            preview.Classes is { } classes ? [.. classes.Select(c => new ClassCount(c.Key, c.Value))] : null));
    }

    private static async Task<TrainingRequest> RequestAsync(Call call)
    {
        TrainingStart body = await call.BodyAsync<TrainingStart>().ConfigureAwait(false);
        await FilterCheck.RunAsync(call, body.Inputs is null ? body.Feed : null, body.Filter).ConfigureAwait(false);
        return RunContracts.Read(body, call.Author);
    }

    private static async Task<Reply> CancelAsync(Call call)
    {
        await call.Service<ITrainings>().CancelAsync(Find(call).Id).ConfigureAwait(false);
        return Reply.None();
    }

    private static Reply Log(Call call) => call.Page(Journal(call).Log(Find(call).Id).Select(l => new OutputLine(l.Time, l.Text, l.IsError)));

    private static Reply Metrics(Call call)
    {
        string? name = call.Text("name");
        return call.Page(Journal(call).History(Find(call).Id).Where(m => name is null || m.Name == name).Select(m => new MetricValue(m.Name, m.Step, m.Value)));
    }

    private static ITrainingJournal Journal(Call call) => call.Http.RequestServices.GetRequiredService<ITrainingJournal>();

    private static TrainingInfo Find(Call call) => call.Service<ITrainings>().Find(call.Route("id"))
        ?? throw ProblemException.NotFound("training", call.Route("id"), "GET /api/v1/trainings lists them.");
}
