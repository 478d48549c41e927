using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Selection;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Prediction.Inputs;

/// <summary>What stands behind a model's inputs.</summary>
/// <param name="Inputs">What the model wants.</param>
/// <param name="Feed">The feed each of whose records is answered.</param>
/// <param name="Fields">The field behind each input.</param>
/// <param name="Joins">The other feeds that give inputs.</param>
internal sealed record InputPlan(FeedSchema Inputs, FeedSchema Feed, string[] Fields, IReadOnlyList<JoinedSource> Joins)
{
    /// <summary>Finds the feeds and fields that a request names for a model, and checks that they fit.</summary>
    /// <exception cref="WorkflowException">Something named does not exist or does not fit.</exception>
    public static InputPlan Of(DeploymentRequest request, ModelInfo model, FeedSchema feed, IFeedStore store)
    {
        var inputs = new FeedSchema(model.Workflow, model.Inputs);
        if (request.Inputs?.Keys.FirstOrDefault(name => inputs.IndexOf(name) < 0) is { } unknown)
            throw new WorkflowException($"Model '{model.Id}' has no input '{unknown}'.{NearestName.Hint(unknown, model.Inputs.Select(i => i.Name))} Its inputs: {string.Join(", ", model.Inputs.Select(i => i.Name))}.");
        if (FeedBinding.ProblemOf(request.Tolerance) is { } problem)
            throw new WorkflowException(problem);
        BoundField[] fields = [.. model.Inputs.Select(i => request.Inputs?.GetValueOrDefault(i.Name) is not { } bound ? new BoundField(feed, i.Name)
            : string.IsNullOrWhiteSpace(bound.Feed) ? new BoundField(feed, bound.Field) : new BoundField(Find(bound.Feed, request, store), bound.Field))];
        InputMatch.Check(model.Workflow, inputs, fields);
        return new InputPlan(inputs, feed, [.. fields.Select(f => f.Field)], Joined(request, model, feed, fields));
    }

    /// <summary>Returns the feed each of whose records is answered: the one named apart, else that of the first input.</summary>
    /// <exception cref="WorkflowException">The request names none, or there is no such feed.</exception>
    public static FeedSchema Driving(DeploymentRequest request, ModelInfo? model, IFeedStore store)
    {
        IEnumerable<FeedFieldReference?> bound = model is null ? request.Inputs?.Values ?? [] : model.Inputs.Select(i => request.Inputs?.GetValueOrDefault(i.Name));
        string feed = new[] { request.Feed }.Concat(bound.Select(b => b?.Feed)).FirstOrDefault(f => !string.IsNullOrWhiteSpace(f))
            ?? throw new WorkflowException($"The deployment of '{request.Workflow}' names no feed. Set feed, or inputs with the feed of each.");
        return Find(feed, request, store);
    }

    private static FeedSchema Find(string feed, DeploymentRequest request, IFeedStore store) => store.Find(FeedId.Normalize(feed)) ?? throw new WorkflowException(
        $"The deployment of '{request.Workflow}' names the feed '{feed}', which does not exist. Known: {string.Join(", ", store.List().Select(f => f.Schema.Feed))}.");

    // Ages and qualities are those that the model learned with, unless somebody says otherwise: it is to see now what it saw then.
    private static List<JoinedSource> Joined(DeploymentRequest request, ModelInfo model, FeedSchema feed, BoundField[] fields)
    {
        SelectionRequest? learned = model.Data.Selection is { } recorded ? SelectionRecording.Read(recorded) : null;
        long? Tolerance(int input) => FeedBinding.ToleranceOf(request.Tolerance, fields[input].Feed.Feed)
            ?? learned?.Joins.FirstOrDefault(j => j.Inputs.Any(i => i.Input.Name == model.Inputs[input].Name))?.Tolerance;
        return
        [
            .. Enumerable.Range(0, fields.Length)
                .Where(i => fields[i].Feed.Feed != feed.Feed)
                .GroupBy(i => (fields[i].Feed.Feed, Tolerance: Tolerance(i)))
                .Select(g => new JoinedSource(g.Key.Feed, [.. g.Select(i => (i, fields[i].Field))], g.Key.Tolerance, learned?.MinimumQuality ?? 0)),
        ];
    }
}
