using System.Diagnostics;
using System.Net.Sockets;
using Mlops.Runtime.Columns;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

/// <summary>Runs one training in a worker of its own.</summary>
internal sealed class TrainingWorker(WorkerPlan plan, TrainingJob job, TrainingVoice voice, TimeProvider time, string? exportFolder = null)
{
    /// <summary>How long code that was asked to end may take before it is killed.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets what came of converting the model, once it has run: what was converted, or why not.</summary>
    public string? Export { get; private set; }

    public async Task<TrainedModel> RunAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        using var deadline = new CancellationTokenSource(Timers.Clamp(job.Package.Manifest.TrainTimeout), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await using WorkerProcess worker = await WorkerProcess.StartAsync(plan, end.Token).ConfigureAwait(false);
            worker.Output.GoTo(voice.Log);
            voice.Process(worker.Id);
            double start = Stopwatch.GetElapsedTime(started).TotalSeconds;
            DoneMessage done;
            using (end.Token.UnsafeRegister(static state => _ = EndAsync((WorkerProcess)state!), worker))
                done = await TrainAsync(worker).ConfigureAwait(false);
            end.Token.ThrowIfCancellationRequested();
            done.Phases["start"] = done.Phases.GetValueOrDefault("start") + start;
            Export = done.Export;
            return new TrainedModel(done.Classes, done.Environment, done.Phases);
        }
        catch (Exception exception) when (end.IsCancellationRequested && exception is OperationCanceledException or WorkflowException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!deadline.IsCancellationRequested)
                throw;
            throw new WorkflowException(
                $"Workflow {plan.Title}: the training took longer than {job.Package.Manifest.TrainTimeout} and was ended. Train on less, or raise timeouts.train in workflow.yaml.");
        }
        finally
        {
            voice.Finish();
        }
    }

    /// <summary>Asks the code to end and, after a grace, ends it.</summary>
    private static async Task EndAsync(WorkerProcess worker)
    {
        try
        {
            await worker.Connection.SendAsync(WorkerFrame.Cancel).ConfigureAwait(false);
            await Task.Delay(s_grace).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is ending already.
        }

        worker.Kill();
    }

    private async Task<DoneMessage> TrainAsync(WorkerProcess worker)
    {
        long since = Stopwatch.GetTimestamp();
        (MappedColumns memory, ColumnLayout layout) = TrainingColumns.Write(job, job.Data, Path.Combine(worker.Folder, "columns"));
        HeldOutMessage? heldOut = null;
        if (job.HeldOut is { } unseen)
        {
            (MappedColumns held, ColumnLayout shape) = TrainingColumns.Write(job, unseen, Path.Combine(worker.Folder, "held-out"));
            heldOut = new HeldOutMessage(held.FilePath, shape);
            held.Dispose();
        }

        double written = Stopwatch.GetElapsedTime(since).TotalSeconds;

        // The host's mappings are no longer needed; the pages stay in the file.
        memory.Dispose();
        try
        {
            var message = new TrainMessage(
                PackageMessage.Of(job.Package), memory.FilePath, layout, job.Parameters, job.Package.Manifest.Output.Classes, Path.GetFullPath(job.ModelFolder), exportFolder, FieldMessage.Of(job.Package.Manifest))
            { HeldOut = heldOut };
            await worker.BeginAsync(WorkerFrame.Train, message, WorkerJson.Default.TrainMessage).ConfigureAwait(false);
            worker.Priority.Restore();
            DoneMessage done = await ListenAsync(worker.Connection, worker.Output).ConfigureAwait(false);
            done.Phases["load"] = done.Phases.GetValueOrDefault("load") + written;
            return done;
        }
        catch (Exception exception) when (exception is EndOfStreamException or SocketException or InvalidDataException)
        {
            RuntimeInstruments.WorkerFell("training");
            throw await worker.DescribeEndAsync("the training", exception).ConfigureAwait(false);
        }
    }

    private async Task<DoneMessage> ListenAsync(WorkerConnection connection, WorkerOutput output)
    {
        while (true)
        {
            (WorkerFrame kind, ReadOnlyMemory<byte> payload) = await connection.ReadAsync().ConfigureAwait(false);
            switch (kind)
            {
                case WorkerFrame.Progress:
                    ProgressMessage progress = WorkerConnection.Parse(payload, WorkerJson.Default.ProgressMessage);
                    voice.Progress(progress.Fraction, progress.Text);
                    break;
                case WorkerFrame.Metric:
                    MetricMessage metric = WorkerConnection.Parse(payload, WorkerJson.Default.MetricMessage);
                    voice.Metric(metric.Name, metric.Value, metric.Step);
                    break;
                case WorkerFrame.Log:
                    LogMessage log = WorkerConnection.Parse(payload, WorkerJson.Default.LogMessage);
                    await output.AddAsync(log.Line, log.Error).ConfigureAwait(false);
                    break;
                case WorkerFrame.Done:
                    return WorkerConnection.Parse(payload, WorkerJson.Default.DoneMessage);
                case WorkerFrame.Failed:
                    throw WorkerConnection.Parse(payload, WorkerJson.Default.FailedMessage).ToException();
                default:
                    throw new InvalidDataException($"A training sent a frame of kind {(byte)kind}.");
            }
        }
    }
}
