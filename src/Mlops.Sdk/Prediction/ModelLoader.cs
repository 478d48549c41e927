using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Prediction.Drift;
using Mlops.Prediction.Inputs;
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
    IFeedReader reader,
    ILiveTail tail,
    TimeProvider time,
    IOptions<PredictionOptions> options,
    IOptions<DatabusOptions> databus)
{
    /// <summary>Returns the feed each of whose records is answered.</summary>
    /// <exception cref="WorkflowException">The request names none, or there is no such feed.</exception>
    public FeedSchema FindFeed(DeploymentRequest request) => InputPlan.Driving(request, models.Find(request.Model), store);

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
            (_, WorkflowPackage package, InputPlan plan) = Check(request);
            await GoldenCheck.RunAsync(package, model.Predictor, plan.Inputs, options.Value.MaxBatch, "The model did not go live.", cancellationToken).ConfigureAwait(false);
            FeedSchema answers = await store.DeclareAsync(
                new FeedDeclaration(Origin(deployment, request, shadow), null, PredictionSchema.For(request.Workflow, model.Predictor.Output)), cancellationToken).ConfigureAwait(false);
            model = model with { Answers = answers };
            await WarmAsync(model, plan, package, request, cancellationToken).ConfigureAwait(false);
            return model;
        }
        catch
        {
            await model.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Loads a model; its answers are under the predictor's own schema.</summary>
    /// <exception cref="WorkflowException">Something named does not exist or does not fit, or the code fails.</exception>
    public async Task<ModelInPlace> OpenAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        (ModelInfo model, WorkflowPackage package, InputPlan plan) = Check(request);
        models.RequireSound(model);
        IWorkflowRuntime runtime = runtimes.Get(package.Manifest);
        IPredictor predictor = await runtime.LoadAsync(
            new PredictorRequest(package, model.Folder, plan.Inputs, model.Classes, options.Value.MaxBatch), cancellationToken).ConfigureAwait(false);
        return new ModelInPlace(
            model,
            predictor,
            Bind(plan, request, package),
            predictor.Output,
            AnswerField(package.Manifest, predictor.Output),
            model.Data.Labels ?? package.Manifest.Label,
            models.FindProfile(model.Id) is { } profile ? new DriftWatch(profile, AnswerField(package.Manifest, predictor.Output), options.Value) : null);
    }

    /// <summary>Finds what a request names and checks that it goes together.</summary>
    /// <exception cref="WorkflowException">Something named does not exist or does not fit.</exception>
    public (ModelInfo Model, WorkflowPackage Package, InputPlan Plan) Check(DeploymentRequest request)
    {
        FeedSchema feed = FindFeed(request);
        ModelInfo model = models.Find(request.Model) ?? throw new WorkflowException(
            $"There is no model '{request.Model}'. Train a workflow and use the id that the training names.");
        if (model.Stage == ModelStage.Archived)
            throw new WorkflowException($"Model '{model.Id}' is archived. Give it another stage first, or choose another model.");
        WorkflowPackage package = workflows.Find(model.Workflow, model.Version) ?? throw new WorkflowException(
            $"The package '{model.Workflow}' {model.Version}, which trained model '{model.Id}', is not installed. Upload it again.");
        InputPlan plan = InputPlan.Of(request, model, feed, store);
        if (Fill(request, package) == MissingValues.Default)
            InputMatch.Defaults(package.Manifest, plan.Inputs);
        return (model, package, plan);
    }

    /// <summary>Returns the names under which a deployment's answers appear.</summary>
    public FeedOrigin Origin(string deployment, DeploymentRequest request, bool shadow = false) => new(
        databus.Value.App,
        request.Output?.Connection ?? request.Workflow,
        (request.Output?.Collection ?? deployment) + (shadow ? "-shadow" : ""));

    private static MissingValues Fill(DeploymentRequest request, WorkflowPackage package) => request.Fill ?? package.Manifest.Fill;

    private IInputBinding Bind(InputPlan plan, DeploymentRequest request, WorkflowPackage package)
    {
        MissingValues fill = Fill(request, package);
        if (package.Manifest.Window is { } window)
        {
            IReadOnlyList<object>? defaults = fill == MissingValues.Default ? InputMatch.Defaults(package.Manifest, plan.Inputs) : null;
            return new WindowBinding(WindowSources.Open(window, plan, fill, defaults, store, reader, tail, time), plan.Feed.Feed);
        }

        return new InputBinding(
            plan.Inputs,
            plan.Fields,
            fill,
            fill == MissingValues.Default ? InputMatch.Defaults(package.Manifest, plan.Inputs) : null,
            plan.Joins.Count == 0 ? null : new InputJoin([.. plan.Joins.Select(j => new AsOfFeed(j, plan.Inputs, fill == MissingValues.Last, store, reader, tail, time))]),
            new LastValues(reader, plan.Feed.Feed));
    }

    private static string AnswerField(WorkflowManifest manifest, FeedSchema output) => manifest.Output.Classes is not null ? "label"
        : manifest.Label is { } label && output.IndexOf(label) >= 0 ? label
        : output.Fields[0].Name;

    // The first calls of a model are slow (imports, caches). Code that fails here does not go live; a record whose picture is gone says nothing of the code.
    private async Task WarmAsync(ModelInPlace model, InputPlan plan, WorkflowPackage package, DeploymentRequest request, CancellationToken cancellationToken)
    {
        var rows = new List<SourceRow>();
        await foreach (RecordBatch newest in store.ReadAsync(new FeedQuery { Feed = plan.Feed.Feed, Descending = true, Limit = 1 }, cancellationToken).ConfigureAwait(false))
        {
            using (newest)
            {
                // What is only tried must not fill what comes next.
                await using IInputBinding binding = Bind(plan, request, package);
                using RecordBatch inputs = await binding.BindAsync([newest], false, rows, cancellationToken).ConfigureAwait(false);
                if (rows.Count == 0)
                    continue;
                try
                {
                    for (int i = 0; i < 3; i++)
                        (await model.Predictor.PredictAsync(inputs, cancellationToken).ConfigureAwait(false)).Dispose();
                }
                catch (WorkflowException exception) when (exception.IsOfRecord)
                {
                    return;
                }
            }
        }
    }
}
