using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Prediction.Drift;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;
using Mlops.Workflows.Rehearsal;

namespace Mlops.Prediction;

/// <summary>Finds, binds, loads and warms the model of a deployment.</summary>
internal sealed class ModelLoader(
    IWorkflowCatalog workflows,
    ModelRegistry models,
    WorkflowRuntimes runtimes,
    IFeedStore store,
    IOptions<PredictionOptions> options,
    IOptions<DatabusOptions> databus)
{
    /// <summary>Returns the feed that a request is about.</summary>
    /// <exception cref="WorkflowException">It names none or several, or there is no such feed.</exception>
    public FeedSchema FindFeed(DeploymentRequest request)
    {
        List<string> feeds = [.. (request.Inputs?.Values.Select(i => i.Feed) ?? []).Append(request.Feed).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (feeds.Count != 1)
        {
            throw new WorkflowException(feeds.Count == 0
                ? $"The deployment of '{request.Workflow}' names no feed. Set feed, or inputs with the feed of each."
                : $"The deployment of '{request.Workflow}' binds inputs of several feeds ({string.Join(", ", feeds)}); one deployment reads one feed. Bind all inputs to fields of one feed.");
        }

        return store.Find(feeds[0]) ?? throw new WorkflowException(
            $"The deployment of '{request.Workflow}' names the feed '{feeds[0]}', which does not exist. Known: {string.Join(", ", store.List().Select(f => f.Schema.Feed))}.");
    }

    /// <summary>Loads a model for a deployment, announces its answers, and warms it.</summary>
    /// <param name="deployment">Id of the deployment.</param>
    /// <param name="request">Names the model.</param>
    /// <param name="shadow">Whether its answers go into the feed of the deployment's shadow.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkflowException">Something named does not exist or does not fit, or the code fails.</exception>
    public async Task<ModelInPlace> LoadAsync(string deployment, DeploymentRequest request, bool shadow, CancellationToken cancellationToken)
    {
        ModelInPlace model = await OpenAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            if (model.Info.Workflow != request.Workflow)
                throw new WorkflowException($"Model '{model.Info.Id}' belongs to workflow '{model.Info.Workflow}', not to '{request.Workflow}'. Choose a model of this workflow.");
            (_, WorkflowPackage package, FeedSchema inputs, _) = Check(request);
            await GoldenCheck.RunAsync(package, model.Predictor, inputs, options.Value.MaxBatch, "The model did not go live.", cancellationToken).ConfigureAwait(false);
            FeedSchema answers = await store.DeclareAsync(
                new FeedDeclaration(Origin(deployment, request, shadow), null, PredictionSchema.For(request.Workflow, model.Predictor.Output)), cancellationToken).ConfigureAwait(false);
            model = model with { Answers = answers };
            await WarmAsync(model, FindFeed(request), cancellationToken).ConfigureAwait(false);
            return model;
        }
        catch
        {
            await model.Predictor.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Loads a model; its answers are under the predictor's own schema.</summary>
    /// <exception cref="WorkflowException">Something named does not exist or does not fit, or the code fails.</exception>
    public async Task<ModelInPlace> OpenAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        (ModelInfo model, WorkflowPackage package, FeedSchema inputs, string[] fields) = Check(request);
        models.RequireSound(model);
        IWorkflowRuntime runtime = runtimes.Get(package.Manifest);
        IPredictor predictor = await runtime.LoadAsync(
            new PredictorRequest(package, model.Folder, inputs, model.Classes, options.Value.MaxBatch), cancellationToken).ConfigureAwait(false);
        return new ModelInPlace(
            model,
            predictor,
            new InputBinding(inputs, fields, Fill(request, package), Fill(request, package) == MissingValues.Default ? InputBinding.Defaults(package.Manifest, inputs) : null),
            predictor.Output,
            AnswerField(package.Manifest, predictor.Output),
            model.Data.Labels ?? package.Manifest.Label,
            models.FindProfile(model.Id) is { } profile ? new DriftWatch(profile, AnswerField(package.Manifest, predictor.Output), options.Value) : null);
    }

    /// <summary>Finds what a request names and checks that it goes together.</summary>
    /// <exception cref="WorkflowException">Something named does not exist or does not fit.</exception>
    public (ModelInfo Model, WorkflowPackage Package, FeedSchema Inputs, string[] Fields) Check(DeploymentRequest request)
    {
        FeedSchema feed = FindFeed(request);
        ModelInfo model = models.Find(request.Model) ?? throw new WorkflowException(
            $"There is no model '{request.Model}'. Train a workflow and use the id that the training names.");
        if (model.Stage == ModelStage.Archived)
            throw new WorkflowException($"Model '{model.Id}' is archived. Give it another stage first, or choose another model.");
        WorkflowPackage package = workflows.Find(model.Workflow, model.Version) ?? throw new WorkflowException(
            $"The package '{model.Workflow}' {model.Version}, which trained model '{model.Id}', is not installed. Upload it again.");
        var inputs = new FeedSchema(model.Workflow, model.Inputs);
        string[] fields = [.. model.Inputs.Select(i => request.Inputs is not null && request.Inputs.TryGetValue(i.Name, out FeedFieldReference? bound) ? bound.Field : i.Name)];
        InputBinding.Check(model.Workflow, inputs, fields, feed);
        if (Fill(request, package) == MissingValues.Default)
            InputBinding.Defaults(package.Manifest, inputs);
        return (model, package, inputs, fields);
    }

    /// <summary>Returns the names under which a deployment's answers appear.</summary>
    public FeedOrigin Origin(string deployment, DeploymentRequest request, bool shadow = false) => new(
        databus.Value.App,
        request.Output?.Connection ?? request.Workflow,
        (request.Output?.Collection ?? deployment) + (shadow ? "-shadow" : ""));

    private static MissingValues Fill(DeploymentRequest request, WorkflowPackage package) => request.Fill ?? package.Manifest.Fill;

    private static string AnswerField(WorkflowManifest manifest, FeedSchema output) => manifest.Output.Classes is not null ? "label"
        : manifest.Label is { } label && output.IndexOf(label) >= 0 ? label
        : output.Fields[0].Name;

    // The first calls of a model are slow (imports, caches). A record that fails here fails again when its time comes, and is dealt with there.
    private async Task WarmAsync(ModelInPlace model, FeedSchema feed, CancellationToken cancellationToken)
    {
        var rows = new List<SourceRow>();
        await foreach (RecordBatch newest in store.ReadAsync(new FeedQuery { Feed = feed.Feed, Descending = true, Limit = 1 }, cancellationToken).ConfigureAwait(false))
        {
            using (newest)
            {
                // What is only tried must not fill what comes next.
                using RecordBatch inputs = model.Binding.Anew().Bind([newest], false, rows);
                if (rows.Count == 0)
                    continue;
                for (int i = 0; i < 3; i++)
                    (await model.Predictor.PredictAsync(inputs, cancellationToken).ConfigureAwait(false)).Dispose();
            }
        }
    }
}
