using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Pictures;
using Mlops.Python;
using Mlops.Runtime.Columns;
using Mlops.Runtime.Engines;
using Mlops.Runtime.Environments;
using Mlops.Runtime.InProcess;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Runtime;

/// <summary>Runs workflow packages written in Python: training in workers, prediction in this process or in workers.</summary>
internal sealed class PythonRuntime(
    PythonInterpreter interpreter,
    WorkerPool pool,
    IOptions<PythonRuntimeOptions> options,
    IOptions<MlopsOptions> node,
    TimeProvider time,
    ILogger<PythonRuntime> logger,
    IEnumerable<IModelEngine>? engines = null,
    IPictures? pictures = null) : IWorkflowRuntime
{
    private readonly PythonRuntimeOptions _options = options.Value;
    private readonly Lazy<WorkerLimits> _limits = new(() => WorkerLimits.Of(options.Value, node.Value.FullDataFolder));
    private readonly ModelEngines _engines = new([.. engines ?? []], logger);
    private readonly EnvironmentStore _environments = new(node.Value.FullDataFolder, logger);

    public string Kind => "python";

    public async Task CheckAsync(WorkflowPackage package, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(package);
        PythonInstallation python;
        try
        {
            python = await interpreter.LocateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PythonNotFoundException)
        {
            // A node may keep packages that others run.
            return;
        }

        await new PackageInspector(python, Archive).CheckCodeAsync(package, cancellationToken).ConfigureAwait(false);
    }

    public async Task PrepareAsync(WorkflowPackage package, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (EnvironmentStore.IsNeeded(package))
            await SiteAsync(package, await LocateAsync(package, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    public async Task<TrainedModel> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(observer);
        WorkerPlan plan = await PlanAsync(job.Package, _options.TrainingNiceness, _options.TrainingThreads, cancellationToken).ConfigureAwait(false);
        RuntimeInstruments.WorkerStarted("training");
        job = job with { Pictures = job.Pictures ?? pictures };
        string? export = job.Package.Manifest.Window is null && !InputKinds.HasPictures(job.Package.Manifest) ? _engines.ExportFolder(job.ModelFolder) : null;
        var worker = new TrainingWorker(plan, job, new TrainingVoice(observer), time, export);
        TrainedModel trained = await worker.RunAsync(cancellationToken).ConfigureAwait(false);
        return await _engines.DecideAsync(job, trained, worker.Export, LoadQuietlyAsync, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = request with { Pictures = request.Pictures ?? pictures };
        return await _engines.TryLoadAsync(request, cancellationToken).ConfigureAwait(false) ?? await LoadOwnAsync(request, logger, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Loads a model to compare its answers with those of another engine. What the code prints or warns of is about values that no asset sends.</summary>
    private Task<IPredictor> LoadQuietlyAsync(PredictorRequest request, CancellationToken cancellationToken) => LoadOwnAsync(request, NullLogger.Instance, cancellationToken);

    /// <summary>Loads a model for the package's own predict.</summary>
    private async Task<IPredictor> LoadOwnAsync(PredictorRequest request, ILogger listener, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        using var deadline = new CancellationTokenSource(_options.LoadTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        IPredictor predictor;
        try
        {
            predictor = await TryLoadHereAsync(request, listener, end.Token).ConfigureAwait(false) ?? await LoadInWorkerAsync(request, listener, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            string reason = $"Workflow {Title(request.Package)}: its import and the loading of its model took longer than {_options.LoadTimeout}";
            if (exception is PythonUnresponsiveException)
                interpreter.Status.StopInProcess($"{reason} inside this process and could not be interrupted.");
            throw new WorkflowException($"{reason} and were ended. Raise Mlops:Runtime:LoadTimeout if they need longer.", null, exception);
        }

        Log.Loaded(listener, Title(request.Package), predictor.Mode, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return InputKinds.HasPictures(request.Package.Manifest) ? new PicturePortions(predictor, request) : predictor;
    }

    private string Archive => RuntimeArchive.Ensure(Path.Combine(node.Value.FullDataFolder, "runtime"));

    // Wheels are imported under their own names, so only one package a process can have some.
    private bool MayRunHere(WorkflowPackage package) => !package.Manifest.Isolated && !EnvironmentStore.HasWheels(package) && _options.InProcess switch
    {
        InProcessUse.Always => true,
        InProcessUse.Never => false,
        _ => package.Trusted,
    };

    private async Task<IPredictor?> TryLoadHereAsync(PredictorRequest request, ILogger listener, CancellationToken cancellationToken)
    {
        if (!MayRunHere(request.Package) || await interpreter.TryStartAsync(Archive, cancellationToken).ConfigureAwait(false) is not { } engine)
            return null;
        InProcessPredictor here = await InProcessPredictor.LoadAsync(engine, request, interpreter.Status, listener, cancellationToken).ConfigureAwait(false);
        return new MovingPredictor(here, interpreter.Status, listener, token => LoadInWorkerAsync(request, listener, token));
    }

    private async Task<IPredictor> LoadInWorkerAsync(PredictorRequest request, ILogger listener, CancellationToken cancellationToken)
    {
        WorkerPlan plan = await PlanAsync(request.Package, niceness: 0, threads: 1, cancellationToken).ConfigureAwait(false);
        return await WorkerPredictor.LoadAsync(pool, plan, request, listener, time, cancellationToken).ConfigureAwait(false);
    }

    private async Task<WorkerPlan> PlanAsync(WorkflowPackage package, int niceness, int threads, CancellationToken cancellationToken)
    {
        PythonInstallation python = await LocateAsync(package, cancellationToken).ConfigureAwait(false);
        string? site = await SiteAsync(package, python, cancellationToken).ConfigureAwait(false);
        return new WorkerPlan(Title(package), python, Archive, niceness, threads, _limits.Value, _options.StartTimeout, interpreter.Status, site);
    }

    private async Task<PythonInstallation> LocateAsync(WorkflowPackage package, CancellationToken cancellationToken)
    {
        try
        {
            return await interpreter.LocateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PythonNotFoundException exception)
        {
            throw new WorkflowException($"Workflow {Title(package)} cannot run on this node: {exception.Message}", null, exception);
        }
    }

    private async Task<string?> SiteAsync(WorkflowPackage package, PythonInstallation python, CancellationToken cancellationToken)
    {
        string? site = await _environments.EnsureAsync(package, python, Archive, cancellationToken).ConfigureAwait(false);
        return EnvironmentStore.HasWheels(package) ? site : null;
    }

    private static string Title(WorkflowPackage package) => $"'{package.Manifest.Name}' {package.Manifest.Version}";
}
