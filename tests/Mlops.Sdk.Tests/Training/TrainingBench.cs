using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Metrics;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>The training block as a host builds it, with doubles for its neighbours: runtime, store and meter.</summary>
internal sealed class TrainingBench : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;
    private readonly TimeProvider _clock;
    private ServiceProvider _services;
    private bool _running;

    public TrainingBench(TimeProvider? clock = null, params ReadOnlySpan<(string Key, string Value)> settings)
    {
        _clock = clock ?? TimeProvider.System;
        _settings = new Dictionary<string, string?> { ["DataFolder"] = Folder["data"], ["Training:ProgressInterval"] = "00:00:00.05" };
        foreach ((string key, string value) in settings)
            _settings[key] = value;
        _services = Build();
    }

    public TemporaryFolder Folder { get; } = new();

    public FakeRuntime Runtime { get; } = new();

    public FakeSelection Selection { get; } = new();

    public FakeFeedStore Store { get; } = new();

    public FakeRunMeter Meter { get; } = new();

    public ITrainings Trainings => Get<ITrainings>();

    public IModels Models => Get<IModels>();

    public IWorkflowCatalog Workflows => Get<IWorkflowCatalog>();

    public ITrainingJournal Journal => Get<ITrainingJournal>();

    public static TrainingRequest Request { get; } = new() { Workflow = "side-of-cut", Feed = "cutter" };

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Installs the sample workflow and starts the host.</summary>
    public async Task<TrainingBench> StartAsync(string more = "", params (string Name, string Text)[] files)
    {
        await InstallAsync(more, files);
        await RunAsync();
        return this;
    }

    public Task<WorkflowPackage> InstallAsync(string more = "", params (string Name, string Text)[] files) =>
        Workflows.InstallAsync(SamplePackage.Folder(Folder, "package", $"{SamplePackage.Manifest}\n{more}\n", more: files), trusted: true);

    public async Task RunAsync()
    {
        foreach (IHostedService service in _services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
        _running = true;
    }

    public async Task<TrainingInfo> TrainAsync(TrainingRequest? request = null)
    {
        TrainingInfo info = await Trainings.StartAsync(request ?? Request);
        return await Trainings.WaitAsync(info.Id).WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async Task StopAsync()
    {
        if (_running)
        {
            foreach (IHostedService service in _services.GetServices<IHostedService>())
                await service.StopAsync(CancellationToken.None);
        }

        _running = false;
        await _services.DisposeAsync();
    }

    /// <summary>Ends the host in order and makes another one on the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        _services = Build();
    }

    /// <summary>Makes another host on what a crash at this moment would leave on the disk.</summary>
    public async Task RestartAfterCrashAsync()
    {
        string copy = Folder[Guid.NewGuid().ToString("n")], data = _settings["DataFolder"]!;
        foreach (string file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) is not ".lock" && !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        await StopAsync();
        _settings["DataFolder"] = copy;
        _services = Build();
    }

    /// <summary>Lists the files below a folder of the data folder.</summary>
    public string[] Files(string below)
    {
        string root = Path.Combine(_settings["DataFolder"]!, below);
        return Directory.Exists(root) ? [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal)] : [];
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        DateTime deadline = DateTime.UtcNow.AddSeconds(30);
        while (!condition())
        {
            if (DateTime.UtcNow > deadline)
                throw new TimeoutException($"Not within 30 s: {what}.");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Folder.Dispose();
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(_clock);
        services.AddSingleton<IWorkflowRuntime>(Runtime);
        services.AddSingleton<ITrainingSelection>(Selection);
        services.AddSingleton<IFeedStore>(Store);
        services.AddSingleton<IFeedReader>(Store);
        services.AddSingleton<ILiveTail>(Store);
        services.AddSingleton<IRunMeter>(Meter);
        services.AddMlopsCore(new ConfigurationBuilder().AddInMemoryCollection(_settings).Build()).AddTraining().AddTraining();
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }
}
