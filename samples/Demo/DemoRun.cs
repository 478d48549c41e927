using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Demo.Report;
using Demo.Sources;
using Mlops.Data;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Demo;

/// <summary>The main job from start to summary: collect, train, deploy, predict.</summary>
internal sealed class DemoRun(DemoOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Measured _measured = new(new Scoreboard(), new Histogram(), new Histogram(), new Histogram(), new Timeline());
    private long _labels;
    private long _predictions;

    public async Task RunAsync(CancellationToken stop)
    {
        await using IDemoSource source = options.Csv is null ? new PcbSource(options.Seed) : CsvSource.Open(options);
        _measured.Scores.IsQuantity = source.IsQuantity;
        string data = options.Data?.FullName ?? FreshFolder();
        await using Node node = await Node.StartAsync(options, source, data, stop);
        Screen.Started(node, source, data);

        long firstSequence = await FindNextSequenceAsync(node, source.Feed);
        await source.ConnectAsync(node.Mqtt.Host, node.Mqtt.Port, firstSequence, stop);
        node.Labels.Added += OnLabels;

        DeploymentInfo? deployment = await ResumeAsync(node, source, stop);
        TrainingInfo? training = deployment is null ? await CollectAndTrainAsync(node, source, stop) : null;
        deployment ??= await Screen.StepAsync("Starting the prediction stage", _ => node.Deployments.StartAsync(
            new DeploymentRequest { Workflow = source.Workflow, Model = training!.Model!, Feed = source.Feed }, stop));
        Screen.Deployed(deployment);
        _measured.Scores.ForgetLabels();

        deployment = await PredictAsync(node, source, deployment.Id, stop);
        DemoReport report = Summarise(node, source, training, deployment);
        Write(report);
        Screen.Summary(report, options.Artifacts, node.Warnings.Lines);
    }

    private string FreshFolder()
    {
        string folder = Path.Combine(options.Artifacts, "data");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static async Task<long> FindNextSequenceAsync(Node node, string feed)
    {
        if (node.Feeds.Find(feed) is null)
            return 1;
        await foreach (RecordBatch newest in node.Feeds.ReadAsync(new FeedQuery { Feed = feed, Descending = true, Limit = 1 }))
        {
            using (newest)
                return Math.Max(0, newest.Sequences[0]) + 1;
        }

        return 1;
    }

    private static async Task<DeploymentInfo?> ResumeAsync(Node node, IDemoSource source, CancellationToken stop)
    {
        DeploymentInfo? found = node.Deployments.List().LastOrDefault(d =>
            d.State != DeploymentState.Stopped && d.Request.Feed == source.Feed && d.Request.Workflow == source.Workflow);
        if (found is null)
            return null;
        return await Screen.StepAsync("Resuming the prediction stage", async _ =>
        {
            var waited = Stopwatch.StartNew();
            while (node.Deployments.Find(found.Id)!.State == DeploymentState.Loading && waited.Elapsed < Patience)
                await Task.Delay(50, stop);
            DeploymentInfo resumed = node.Deployments.Find(found.Id)!;
            return resumed.State == DeploymentState.Running ? resumed
                : throw new DemoException($"Deployment '{resumed.Id}' did not resume: {resumed.Reason ?? "it is still loading"}. Remove the data folder to start afresh.");
        });
    }

    private async Task<TrainingInfo> CollectAndTrainAsync(Node node, IDemoSource source, CancellationToken stop)
    {
        await Screen.StepAsync("Collecting records and labels", async progress =>
        {
            Task publishing = source.PublishTrainingAsync(stop);
            while (!publishing.IsCompleted || Interlocked.Read(ref _labels) < source.TrainingRecords)
            {
                if (publishing.IsFaulted || publishing.IsCanceled)
                    break;
                progress(Math.Min(1, Interlocked.Read(ref _labels) / (double)source.TrainingRecords));
                await Task.WhenAny(Task.Delay(50, stop));
                stop.ThrowIfCancellationRequested();
            }

            await publishing;
            return true;
        });
        WorkflowPackage package = await Screen.StepAsync("Installing the workflow", _ =>
            node.Workflows.InstallAsync(Path.Combine(options.Workflows, source.Workflow), trusted: true, stop));
        return await Screen.StepAsync($"Training {package.Manifest.Name} {package.Manifest.Version}", async progress =>
        {
            TrainingInfo training = await node.Trainings.StartAsync(
                new TrainingRequest
                {
                    Workflow = package.Manifest.Name,
                    Version = package.Manifest.Version,
                    Feed = source.Feed,
                    Labels = source.LabelSet,
                },
                stop);
            Task<TrainingInfo> ended = node.Trainings.WaitAsync(training.Id, stop);
            while (!ended.IsCompleted)
            {
                progress(node.Trainings.Find(training.Id)?.Progress ?? 0);
                await Task.WhenAny(ended, Task.Delay(50, stop));
            }

            training = await ended;
            return training.State == TrainingState.Succeeded ? training
                : throw new DemoException($"The training ended as {training.State.ToString().ToLowerInvariant()}: {WithoutTraceback(training.Reason)}", new InvalidOperationException(training.Reason));
        });
    }

    private async Task<DeploymentInfo> PredictAsync(Node node, IDemoSource source, string deployment, CancellationToken stop)
    {
        using var stopListening = new CancellationTokenSource();
        Task listening = ListenAsync(node, deployment, stopListening.Token);
        using var stopScreen = new CancellationTokenSource();
        Task screen = Screen.LiveAsync(() => new Screen.Rates(source.Counts.RecordsAcknowledged, Interlocked.Read(ref _predictions)), _measured, _clock, stopScreen.Token);
        long before = source.Counts.Records;
        try
        {
            if (options.Once)
                await source.PublishTestAsync(stop);
            else
                await source.RunAsync(stop);
            await WaitForAnswersAsync(source.Counts.Records - before);
            return node.Deployments.Find(deployment)!;
        }
        finally
        {
            await stopScreen.CancelAsync();
            await screen;
            await stopListening.CancelAsync();
            await listening;
        }
    }

    private async Task WaitForAnswersAsync(long published)
    {
        var waited = Stopwatch.StartNew();
        while (Interlocked.Read(ref _predictions) < published || _measured.Scores.Compared < published)
        {
            if (waited.Elapsed > Patience)
                throw new DemoException($"{published} records were published, but only {Interlocked.Read(ref _predictions)} were answered and {_measured.Scores.Compared} of the answers have a label. Look at the log with --verbose.");
            await Task.Delay(20);
        }
    }

    private async Task ListenAsync(Node node, string deployment, CancellationToken stop)
    {
        try
        {
            await foreach (PredictionResult prediction in node.Predictions.SubscribeAsync(deployment, stop))
            {
                if (prediction.Source.Seq is { } sequence && AnswerOf(prediction) is { } answer)
                    _measured.Scores.Answer(sequence, answer);
                _measured.Compute.Add(prediction.ComputeMs);
                if (prediction.IngestMs is { } ingest)
                {
                    _measured.Ingest.Add(ingest);
                    _measured.Total.Add(ingest + prediction.ComputeMs);
                }

                Interlocked.Increment(ref _predictions);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private static string? AnswerOf(PredictionResult prediction) =>
        prediction.Values.TryGetValue("label", out object? label) && label is string text ? text
        : prediction.Values.TryGetValue("value", out object? value) && value is double number ? number.ToString("R", CultureInfo.InvariantCulture)
        : null;

    private void OnLabels(string feed, IReadOnlyList<Label> labels)
    {
        foreach (Label label in labels)
        {
            if (label.Sequence is { } sequence)
                _measured.Scores.Label(sequence, label.Value);
        }

        Interlocked.Add(ref _labels, labels.Count);
    }

    private DemoReport Summarise(Node node, IDemoSource source, TrainingInfo? training, DeploymentInfo deployment)
    {
        double? Finite(double value) => double.IsFinite(value) ? Math.Round(value, 4) : null;
        return new DemoReport
        {
            Source = source.Title,
            Workflow = $"{deployment.Request.Workflow}",
            Records = node.Feeds.List().First(f => f.Schema.Feed == source.Feed).Records,
            Predictions = Interlocked.Read(ref _predictions),
            Accuracy = Finite(_measured.Scores.Accuracy),
            BestAccuracy = source.BestAccuracy is { } best ? Finite(best) : null,
            MacroF1 = Finite(_measured.Scores.MacroF1),
            R2 = Finite(_measured.Scores.Estimated.R2),
            Mae = Finite(_measured.Scores.Estimated.Mae),
            TrainingSeconds = training?.Measurements is { } took ? Finite(took.Seconds) : null,
            PredictionMs = new DemoReport.PredictionTimes(
                Finite(_measured.Ingest.Percentile(50)),
                Finite(_measured.Compute.Percentile(50)),
                Finite(_measured.Total.Percentile(50)),
                Finite(_measured.Total.Percentile(99))),
            PeakMemoryMiB = Math.Round(Math.Max(training?.Measurements?.PeakMemoryMiB ?? 0, deployment.Measurements?.PeakMemoryMiB ?? 0), 1),
            PeakCpuPercent = Math.Round(Math.Max(training?.Measurements?.PeakCpuPercent ?? 0, deployment.Measurements?.PeakCpuPercent ?? 0), 1),
            EnergyWh = Math.Round((training?.Measurements?.EnergyWh ?? 0) + (deployment.Measurements?.EnergyWh ?? 0), 6),
            EnergyMethod = deployment.Measurements?.EnergyMethod ?? training?.Measurements?.EnergyMethod ?? "",
            Mode = deployment.Mode,
            Finished = DateTimeOffset.UtcNow,
        };
    }

    private void Write(DemoReport report)
    {
        Directory.CreateDirectory(options.Artifacts);
        File.WriteAllText(Path.Combine(options.Artifacts, "report.json"), JsonSerializer.Serialize(report, ReportJson.Default.DemoReport));
        File.WriteAllText(Path.Combine(options.Artifacts, "report.html"), HtmlReport.Write(report, _measured));
    }

    // The message may have several lines (places tried, findings); the traceback behind it is for --verbose.
    private static string WithoutTraceback(string? reason) =>
        reason?.Split("Traceback (most recent call last)", 2)[0].TrimEnd() ?? "no reason was given";
}
