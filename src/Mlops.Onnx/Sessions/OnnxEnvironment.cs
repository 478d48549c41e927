using System.Runtime.InteropServices;
using Mlops.Onnx.Native;

namespace Mlops.Onnx.Sessions;

/// <summary>
/// ONNX Runtime in this process: one environment with one pool of threads, which all sessions share. It is made with the first session
/// and stays until the process ends.
/// </summary>
public static unsafe class OnnxEnvironment
{
    /// <summary>Only what ends the process is written to standard error: everything else reaches the caller as an exception.</summary>
    internal const int FatalOnly = 4;

    private static readonly Lock s_gate = new();
    private static int s_threads = 1;
    private static EnvironmentHandle? s_environment;
    private static MemoryInfoHandle? s_memory;

    /// <summary>Gets the library's version, for example <c>1.30.0</c>.</summary>
    /// <exception cref="DllNotFoundException">The library could not be loaded; the message lists the places.</exception>
    public static string LibraryVersion => OnnxLibrary.Version();

    /// <summary>Gets the names of the execution providers that the library has, <c>CPUExecutionProvider</c> among them.</summary>
    public static IReadOnlyList<string> AvailableProviders
    {
        get
        {
            byte** names;
            int count;
            Api.Check(Api.GetAvailableProviders(&names, &count), "", "list its execution providers");
            var list = new string[count];
            for (int i = 0; i < count; i++)
                list[i] = Marshal.PtrToStringUTF8((nint)names[i])!;
            Api.Check(Api.ReleaseAvailableProviders(names, count), "", "release the list of its execution providers");
            return list;
        }
    }

    /// <summary>Gets or sets how many threads of the pool work on one operator, the caller's among them; counts until the first session is made.</summary>
    /// <value>Default 1: predictions of small models gain nothing by more, and forests lose.</value>
    /// <exception cref="InvalidOperationException">It is set to another number after the first session.</exception>
    public static int Threads
    {
        get => s_threads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            lock (s_gate)
            {
                if (s_environment is not null && value != s_threads)
                    throw new InvalidOperationException($"ONNX Runtime works with {s_threads} threads in this process since its first session and cannot change to {value}. Set the number before.");
                s_threads = value;
            }
        }
    }

    /// <summary>Returns the environment.</summary>
    internal static EnvironmentHandle Handle
    {
        get
        {
            lock (s_gate)
                return s_environment ??= Create();
        }
    }

    /// <summary>Returns the description of the processor's memory.</summary>
    internal static MemoryInfoHandle Memory
    {
        get
        {
            lock (s_gate)
            {
                if (s_memory is null)
                {
                    nint info;
                    Api.Check(Api.CreateCpuMemoryInfo(0, 0, &info), "", "describe the processor's memory");
                    s_memory = NativeHandle.Take<MemoryInfoHandle>(info);
                }

                return s_memory;
            }
        }
    }

    /// <summary>Returns the allocator of the processor's memory, which belongs to the library.</summary>
    internal static nint Allocator
    {
        get
        {
            nint allocator;
            Api.Check(Api.GetAllocatorWithDefaultOptions(&allocator), "", "give its allocator");
            return allocator;
        }
    }

    private static EnvironmentHandle Create()
    {
        nint options, environment;
        Api.Check(Api.CreateThreadingOptions(&options), "", "set up its threads");
        try
        {
            Api.Check(Api.SetGlobalIntraOpNumThreads(options, s_threads), "", "set the number of its threads");
            Api.Check(Api.SetGlobalInterOpNumThreads(options, 1), "", "set the number of its threads");

            // A thread that spins for work takes a core from the machine's other programs.
            Api.Check(Api.SetGlobalSpinControl(options, 0), "", "set how its threads wait");
            fixed (byte* name = "mlops\0"u8)
                Api.Check(Api.CreateEnvWithGlobalThreadPools(FatalOnly, name, options, &environment), "", "start");
        }
        finally
        {
            Api.ReleaseThreadingOptions(options);
        }

        EnvironmentHandle handle = NativeHandle.Take<EnvironmentHandle>(environment);
        Api.Check(Api.DisableTelemetryEvents(environment), "", "turn its telemetry off");
        return handle;
    }
}
