using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Python;
using Mlops.Runtime;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>One interpreter of this machine for all tests of the runtime, which run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RuntimeCollection : ICollectionFixture<RuntimeFixture>
{
    public const string Name = "runtime";
}

public sealed class RuntimeFixture : IAsyncLifetime, ILoggerProvider
{
    private readonly PythonInterpreter _interpreter;
    private readonly ILoggerFactory _loggers;

    public RuntimeFixture()
    {
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(this));
        _interpreter = new PythonInterpreter(Options.Create(new PythonOptions()), _loggers.CreateLogger<PythonInterpreter>());
        Pool = new WorkerPool(Options.Create(new PythonRuntimeOptions { SpareWorkers = 1 }), _loggers.CreateLogger<WorkerPool>());
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlops-runtime-tests-").FullName;

    /// <summary>Gets what was logged, in order.</summary>
    public ConcurrentQueue<(LogLevel Level, int Event, string Text)> Logged { get; } = new();

    /// <summary>Gets the workers that wait, for all tests together.</summary>
    internal WorkerPool Pool { get; }

    public IPythonRuntimeStatus Status => _interpreter.Status;

    internal IWorkflowRuntime Create(Action<PythonRuntimeOptions>? configure = null, WorkerPool? pool = null)
    {
        var options = new PythonRuntimeOptions();
        configure?.Invoke(options);
        return Create(_interpreter, options, pool);
    }

    /// <summary>A runtime with a status of its own, for tests that stop what others still use.</summary>
    internal async Task<(IWorkflowRuntime Runtime, IPythonRuntimeStatus Status)> CreateAloneAsync(Action<PythonRuntimeOptions>? configure = null)
    {
        var options = new PythonRuntimeOptions();
        configure?.Invoke(options);
        var interpreter = new PythonInterpreter(Options.Create(new PythonOptions()), _loggers.CreateLogger<PythonInterpreter>());

        // Looking for Python takes a slow machine long, and is not what deadlines of loading are about.
        await interpreter.LocateAsync(CancellationToken.None);
        return (Create(interpreter, options, null), interpreter.Status);
    }

    private PythonRuntime Create(PythonInterpreter interpreter, PythonRuntimeOptions options, WorkerPool? pool)
    {
        return new PythonRuntime(
            interpreter,
            pool ?? Pool,
            Options.Create(options),
            Options.Create(new MlopsOptions { DataFolder = Folder }),
            TimeProvider.System,
            _loggers.CreateLogger<PythonRuntime>());
    }

    internal Task<PythonInstallation> LocateAsync() => _interpreter.LocateAsync(CancellationToken.None);

    public ILogger CreateLogger(string categoryName) => new Recorder(Logged);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Pool.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _interpreter.Dispose();
        Package.DeleteAll();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private sealed class Recorder(ConcurrentQueue<(LogLevel, int, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
    }
}
