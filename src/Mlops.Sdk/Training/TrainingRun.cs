using Mlops.Metrics;
using Mlops.Store;
using Mlops.Training.Profiles;
using Mlops.Workflows;
using Mlops.Workflows.Packages;
using Mlops.Workflows.Rehearsal;

namespace Mlops.Training;

/// <summary>Does the work of one training: select, train, verify, store. Knows nothing of queues and states.</summary>
internal sealed class TrainingRun(TrainingPlanner planner, ITrainingSelection selection, TrainingWindows windows, ModelRegistry models, TimeProvider clock)
{
    /// <summary>Runs.</summary>
    /// <param name="training">Names the work, and hears how it goes.</param>
    /// <param name="watch">Times the parts; kept up to date also when the run fails.</param>
    /// <param name="measurement">Measures the run.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The model, whose folder is in its place, and how its data is distributed; it is not registered yet.</returns>
    /// <exception cref="WorkflowException">The workflow, its data or its request is at fault.</exception>
    public async Task<(ModelInfo Model, ModelProfile Profile)> RunAsync(ActiveTraining training, PhaseWatch watch, IRunMeasurement measurement, CancellationToken cancellationToken)
    {
        TrainingInfo info = training.Info;
        TrainingPlan plan = planner.Plan(info.Request with { Version = info.Version });
        string id = $"m{info.Id.AsSpan(1)}";
        string draft = models.CreateDraft(id);
        try
        {
            training.Doing("selecting records");
            TrainedModel trained;
            DataSnapshot snapshot;
            ModelProfile profile;
            Data.FeedSchema inputs;
            using (SelectedData selected = await SelectAsync(plan, cancellationToken).ConfigureAwait(false))
            {
                (snapshot, inputs) = (selected.Snapshot, selected.Data.Inputs);
                profile = ProfileBuilder.Build(selected.Data, numericAnswers: plan.Package.Manifest.Output.Classes is null);
                watch.End("select");
                training.Doing("training");
                trained = await TrainAsync(plan, new TrainingJob(info.Id, plan.Package, selected.Data, plan.Parameters, draft) { HeldOut = selected.HeldOut is { Rows: > 0 } heldOut ? heldOut : null }, training, cancellationToken).ConfigureAwait(false);
                watch.End("train", trained.Phases);
            }

            if (!Directory.EnumerateFiles(draft, "*", SearchOption.AllDirectories).Any())
                throw new WorkflowException($"Training of '{info.Workflow}' {info.Version} ended without a model file. Let train return a model, and save write it.");
            IReadOnlyList<string>? classes = trained.Classes ?? (plan.Package.Manifest.Output.Classes is { Count: > 0 } declared ? declared : null);
            if (plan.Package.Manifest.Golden is not null)
            {
                training.Doing("verifying golden cases");
                if (await GoldenCheck.RunAsync(plan.Package, plan.Runtime, draft, inputs, classes, "The model was not stored.", cancellationToken).ConfigureAwait(false) is { } passed)
                    training.Metric("goldenPassed", passed, step: null);
                else
                    training.Log($"The golden cases were not run: {plan.Package.Manifest.Golden} has other columns than the inputs of this model.", isError: false);
                watch.End("verify");
            }

            cancellationToken.ThrowIfCancellationRequested();
            training.Doing("storing the model");
            string digest = FileDigests.OfFolder(draft).Digest;
            string folder = models.Place(draft, id);
            watch.End("store");
            var model = new ModelInfo
            {
                Id = id,
                Workflow = info.Workflow,
                Version = info.Version,
                PackageDigest = plan.Package.Digest,
                Digest = digest,
                Training = info.Id,
                Folder = folder,
                Inputs = inputs.Fields,
                Classes = classes,
                Data = snapshot,
                Parameters = plan.Parameters,
                Metrics = training.Info.Metrics,
                Measurements = watch.Measured(measurement),
                Environment = trained.Environment,
                Request = info.Request,
                Created = clock.GetUtcNow(),
            };
            return (model, profile);
        }
        finally
        {
            ModelRegistry.Discard(draft);
        }
    }

    private async Task<SelectedData> SelectAsync(TrainingPlan plan, CancellationToken cancellationToken)
    {
        WorkflowManifest manifest = plan.Package.Manifest;
        SelectedData selected = await selection.SelectAsync(plan.Selection, cancellationToken).ConfigureAwait(false);
        try
        {
            LabelCheck.Check(manifest, selected.Data, plan.Selection.Label);
            if (manifest.Window is null)
                return selected;
            SelectedData cut = await windows.CutAsync(manifest, plan.Selection, selected, cancellationToken).ConfigureAwait(false);
            selected.Dispose();
            return cut;
        }
        catch
        {
            selected.Dispose();
            throw;
        }
    }

    private async Task<TrainedModel> TrainAsync(TrainingPlan plan, TrainingJob job, ActiveTraining observer, CancellationToken cancellationToken)
    {
        WorkflowManifest manifest = plan.Package.Manifest;
        using var limit = new CancellationTokenSource(manifest.TrainTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await plan.Runtime.TrainAsync(job, observer, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new WorkflowException(
                $"Training of '{manifest.Name}' {manifest.Version} took longer than {manifest.TrainTimeout}. Train on fewer records, or raise timeouts.train in workflow.yaml.", innerException: e);
        }
    }
}
