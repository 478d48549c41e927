using Microsoft.Extensions.Logging;

namespace Mlops.Python;

/// <summary>Settings of the interpreter in this process.</summary>
public sealed class PythonEngineOptions
{
    /// <summary>Gets or sets the logger of the engine, which also takes what Python code prints unless <see cref="Output"/> is set.</summary>
    /// <value>No logging by default.</value>
    public ILogger? Logger { get; set; }

    /// <summary>Gets or sets what receives the lines that Python code prints.</summary>
    /// <value>
    /// Called on a thread of its own, one line after the other in the order of printing. The default is <see langword="null"/>: lines go
    /// to <see cref="Logger"/>, as Information from sys.stdout and as Warning from sys.stderr.
    /// </value>
    public Action<PythonOutputLine>? Output { get; set; }

    /// <summary>Gets or sets how many lines may wait for delivery; when more do, the oldest are dropped and counted.</summary>
    /// <value>4096 by default.</value>
    public int OutputQueueLength { get; set; } = 4096;

    /// <summary>Gets or sets the length in bytes of UTF-8 at which a line is cut into several.</summary>
    /// <value>8192 by default; at least 16.</value>
    public int MaxOutputLineLength { get; set; } = 8192;

    /// <summary>Gets the folders to search for modules before all others.</summary>
    /// <value>Empty by default.</value>
    public IList<string> ModuleSearchPaths { get; } = [];

    /// <summary>Gets or sets how long the calling thread and a waiting caller spin before they park.</summary>
    /// <value>
    /// 20 microseconds by default. More makes frequent calls faster and costs a core's time; <see cref="TimeSpan.Zero"/> never spins.
    /// Ignored on machines with one core.
    /// </value>
    public TimeSpan SpinTime { get; set; } = TimeSpan.FromMicroseconds(20);

    /// <summary>Gets or sets how long a cancelled call may go on before its caller gets a <see cref="PythonUnresponsiveException"/>.</summary>
    /// <value>2 seconds by default.</value>
    public TimeSpan CancelPatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how long a Python thread may run while another one waits.</summary>
    /// <value>The default is <see langword="null"/>: Python's own, 5 ms. Less lowers the latency of calls while Python threads compute.</value>
    public TimeSpan? SwitchInterval { get; set; }
}
