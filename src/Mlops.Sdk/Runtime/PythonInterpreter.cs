using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Python;
using Mlops.Runtime.InProcess;

namespace Mlops.Runtime;

/// <summary>Finds the node's interpreter once, when it is first needed; what was not found is searched again next time. Thread-safe.</summary>
internal sealed class PythonInterpreter(IOptions<PythonOptions> options, ILogger<PythonInterpreter> logger) : IDisposable
{
    private const string WantedModule = "numpy";
    private readonly SemaphoreSlim _gate = new(1, 1);
    private PythonInstallation? _installation;
    private bool _hasRefused;

    /// <summary>Gets what is known of the runtime.</summary>
    public PythonRuntimeStatus Status { get; } = new(logger);

    /// <summary>Returns the interpreter for workers.</summary>
    /// <exception cref="PythonNotFoundException">This machine has none that would do.</exception>
    public async Task<PythonInstallation> LocateAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _installation ??= await Task.Run(() => Locate(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Starts the interpreter in this process; <see langword="null"/> where that is impossible, which is logged once.</summary>
    public async Task<PythonEngine?> TryStartAsync(string archive, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _hasRefused) || Status.InProcessStopped is not null)
            return null;
        try
        {
            PythonInstallation installation = await LocateAsync(cancellationToken).ConfigureAwait(false);
            if (installation.LibraryPath is null)
                return Refuse($"{installation} has no shared library (libpython).");
            PythonEngine engine = await Task.Run(() => InProcessEngine.Start(installation, archive, logger), cancellationToken).ConfigureAwait(false);
            return engine.IsUnresponsive ? null : engine;
        }
        catch (Exception exception) when (exception is InvalidOperationException or DllNotFoundException or PythonException)
        {
            return Refuse(exception.Message);
        }
        catch (PythonNotFoundException)
        {
            // The worker that is tried next says so, with the places searched.
            return null;
        }
    }

    public void Dispose() => _gate.Dispose();

    private PythonInstallation Locate(CancellationToken cancellationToken)
    {
        // Without the shared library it still serves workers; without NumPy, packages that need none.
        PythonNotFoundException? first = null;
        foreach ((bool library, bool module) in ((bool, bool)[])[(true, true), (false, true), (true, false), (false, false)])
        {
            var wanted = new PythonLocatorOptions { Executable = options.Value.Executable, RequireLibrary = library };
            if (module)
                wanted.RequiredModules.Add(WantedModule);
            try
            {
                PythonInstallation found = PythonLocator.Locate(wanted, cancellationToken);
                Log.Located(logger, found, found.Place);
                if (!module)
                    Log.NoNumPy(logger, first!.Message);
                return found;
            }
            catch (PythonNotFoundException exception)
            {
                first ??= exception;
            }
        }

        throw first!;
    }

    private PythonEngine? Refuse(string reason)
    {
        if (!Interlocked.Exchange(ref _hasRefused, true))
            Log.NotInProcess(logger, reason);
        return null;
    }
}
