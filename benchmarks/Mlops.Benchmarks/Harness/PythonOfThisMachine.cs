using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Python;
using Mlops.Runtime;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Benchmarks.Harness;

/// <summary>The interpreter that Mlops finds on this machine; the peers use the same.</summary>
internal sealed class PythonOfThisMachine : IAsyncDisposable
{
    private readonly PythonInterpreter _interpreter = new(Options.Create(new PythonOptions()), NullLogger<PythonInterpreter>.Instance);
    private readonly WorkerPool _pool = CreatePool(1);

    public static WorkerPool CreatePool(int spares) => new(Options.Create(new PythonRuntimeOptions { SpareWorkers = spares }), NullLogger<WorkerPool>.Instance);

    public static string Workflow => Path.Combine(AppContext.BaseDirectory, "workflows", "sixteen");

    public static string PeerScript(string name) => Path.Combine(AppContext.BaseDirectory, "peers", name);

    public Task<PythonInstallation> LocateAsync(CancellationToken stop) => _interpreter.LocateAsync(stop);

    public IWorkflowRuntime CreateRuntime(string dataFolder, ILoggerFactory loggers, WorkerPool? pool = null) => new PythonRuntime(
        _interpreter,
        pool ?? _pool,
        Options.Create(new PythonRuntimeOptions()),
        Options.Create(new MlopsOptions { DataFolder = dataFolder }),
        TimeProvider.System,
        loggers.CreateLogger<PythonRuntime>());

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        _interpreter.Dispose();
    }
}
