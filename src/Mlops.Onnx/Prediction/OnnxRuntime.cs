using System.Diagnostics;
using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>Runs packages that bring a trained model.onnx. Their training takes the model over and judges it on the labelled records.</summary>
internal sealed class OnnxRuntime(OnnxModels models) : IWorkflowRuntime
{
    private const int JudgedRows = 1024;

    public string Kind => "onnx";

    public Task PrepareAsync(WorkflowPackage package, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(package);
        return Task.Run(() => models.Load(package, package.Folder).Dispose(), cancellationToken);
    }

    public async Task<TrainedModel> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(observer);
        WorkflowManifest manifest = job.Package.Manifest;
        if (manifest.Output.Classes is { Count: 0 })
            throw new WorkflowException($"Workflow '{manifest.Name}' {manifest.Version}: output.classes is empty, and an ONNX model does not bring the names. Name the classes in workflow.yaml, in the model's order.");
        long started = Stopwatch.GetTimestamp();
        File.Copy(Path.Combine(job.Package.Folder, OnnxModels.FileName), Path.Combine(job.ModelFolder, OnnxModels.FileName));
        double copied = Stopwatch.GetElapsedTime(started).TotalSeconds;
        IPredictor predictor = await LoadAsync(
            new PredictorRequest(job.Package, job.ModelFolder, job.Data.Inputs, manifest.Output.Classes, JudgedRows), cancellationToken).ConfigureAwait(false);
        await using (predictor.ConfigureAwait(false))
        {
            var judgement = new Judgement(manifest);
            int[] columns = [.. Enumerable.Range(0, job.Data.Inputs.Fields.Count)];
            foreach (RecordBatch batch in job.Data.LabelType is null ? [] : job.Data.Batches)
            {
                using RecordBatch inputs = batch.Project(job.Data.Inputs, columns);
                using RecordBatch answers = await predictor.PredictAsync(inputs, cancellationToken).ConfigureAwait(false);
                judgement.Add(answers, batch.Column(columns.Length));
            }

            judgement.Report(observer);
        }

        return new TrainedModel(
            manifest.Output.Classes,
            new Dictionary<string, string> { ["onnxruntime"] = OnnxEnvironment.LibraryVersion, ["engine"] = Kind },
            new Dictionary<string, double> { ["load"] = copied, ["evaluate"] = Stopwatch.GetElapsedTime(started).TotalSeconds - copied });
    }

    public Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.Run<IPredictor>(
            () =>
            {
                OnnxSession session = models.Load(request.Package, request.ModelFolder);
                try
                {
                    return OpenModel.Open(request, session);
                }
                catch
                {
                    session.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }
}
