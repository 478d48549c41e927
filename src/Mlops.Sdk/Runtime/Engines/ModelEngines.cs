using System.Globalization;
using Microsoft.Extensions.Logging;
using Mlops.Runtime.Columns;
using Mlops.Workflows;

namespace Mlops.Runtime.Engines;

// WHEN AN ENGINE PREDICTS
//
// A model folder that has converted/<format> was converted, and an engine's answers agreed with the package's own on this node or on the
// one that trained it. Nothing else puts that folder there: what a training leaves is removed unless the comparison, which the host makes
// afterwards, ends well.

/// <summary>Chooses, after a training, whether an engine predicts in place of the package's code, and loads what was chosen.</summary>
internal sealed class ModelEngines(IReadOnlyList<IModelEngine> engines, ILogger logger)
{
    private const string Folder = "converted";

    // The format that the Python side writes.
    private const string Format = "onnx";
    private const string EngineKey = "engine";
    private const string ReasonKey = "conversion";
    private readonly IModelEngine[] _engines = [.. engines.Where(engine => engine.Format == Format)];

    /// <summary>Returns where a training puts the converted model; <see langword="null"/> when no engine would take it.</summary>
    public string? ExportFolder(string modelFolder) => _engines.Length == 0 ? null : Path.Combine(Path.GetFullPath(modelFolder), Folder, Format);

    /// <summary>Compares what was converted with the package and keeps it or removes it.</summary>
    /// <returns>The model, with what was chosen and why.</returns>
    public async Task<TrainedModel> DecideAsync(
        TrainingJob job, TrainedModel trained, string? export, Func<PredictorRequest, CancellationToken, Task<IPredictor>> loadOwn, CancellationToken cancellationToken)
    {
        string root = Path.Combine(job.ModelFolder, Folder);
        if (ExportFolder(job.ModelFolder) is not { } folder)
        {
            Remove(root);
            return trained;
        }

        string chosen = "python", reason = $"The package's own code predicts: {export ?? "the model was not converted"}.";
        if (job.Package.Manifest.Isolated)
            reason = "The package's own code predicts: its manifest asks for a process of its own.";
        else if (job.Package.Manifest.Window is not null)
            reason = "The package's own code predicts: it answers windows.";
        else if (InputKinds.HasPictures(job.Package.Manifest))
            reason = "The package's own code predicts: its inputs are pictures.";
        else if (Directory.Exists(folder))
            (chosen, reason) = await CompareAsync(job, trained, export!, folder, loadOwn, cancellationToken).ConfigureAwait(false);
        if (chosen == "python")
            Remove(root);
        Log.EngineChosen(logger, job.Id, chosen, reason);
        return trained with { Environment = new Dictionary<string, string>(trained.Environment) { [EngineKey] = chosen, [ReasonKey] = reason } };
    }

    /// <summary>Loads a model into the engine that was chosen; <see langword="null"/> when none was, or it is not here.</summary>
    public async Task<IPredictor?> TryLoadAsync(PredictorRequest request, CancellationToken cancellationToken)
    {
        if (request.Package.Manifest.Isolated || ExportFolder(request.ModelFolder) is not { } folder || !Directory.Exists(folder))
            return null;
        foreach (IModelEngine engine in _engines)
        {
            try
            {
                return await engine.LoadAsync(request with { ModelFolder = folder }, cancellationToken).ConfigureAwait(false);
            }
            catch (WorkflowException exception)
            {
                Log.EngineRefused(logger, engine.Kind, request.Package.Manifest.Name, exception.Message);
            }
        }

        return null;
    }

    private async Task<(string Engine, string Reason)> CompareAsync(
        TrainingJob job, TrainedModel trained, string export, string folder, Func<PredictorRequest, CancellationToken, Task<IPredictor>> loadOwn, CancellationToken cancellationToken)
    {
        string reason = "";
        var request = new PredictorRequest(job.Package, job.ModelFolder, job.Data.Inputs, trained.Classes ?? job.Package.Manifest.Output.Classes, TrialRows.MaxRows);

        // In a process of its own even when trusted: nobody has seen this model answer yet, and the host's need not load Python for what ONNX will do.
        PredictorRequest apart = request with { Package = job.Package with { Manifest = job.Package.Manifest with { Isolated = true } }, IsRehearsal = true };
        foreach (IModelEngine engine in _engines)
        {
            try
            {
                IPredictor fast = await engine.LoadAsync(request with { ModelFolder = folder }, cancellationToken).ConfigureAwait(false);
                await using (fast.ConfigureAwait(false))
                {
                    IPredictor own = await loadOwn(apart, cancellationToken).ConfigureAwait(false);
                    await using (own.ConfigureAwait(false))
                    {
                        var comparison = new AnswerComparison(own, fast);
                        await comparison.RunAsync(TrialRows.Of(job.Data), cancellationToken).ConfigureAwait(false);
                        if (comparison.Difference is null)
                        {
                            return (engine.Kind, string.Create(
                                CultureInfo.InvariantCulture,
                                $"{export} was converted: {comparison.Rows} rows agree with the package's own predict, the largest difference is {comparison.Largest:0.##e+0}."));
                        }

                        reason = $"The package's own code predicts: {export} was converted, but {comparison.Difference}";
                    }
                }
            }
            catch (WorkflowException exception)
            {
                reason = $"The package's own code predicts: {export} was converted, but the comparison failed: {exception.Message}";
            }
        }

        return ("python", reason);
    }

    private static void Remove(string root)
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }
}
