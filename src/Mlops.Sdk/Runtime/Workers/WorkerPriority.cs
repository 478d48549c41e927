using System.Globalization;
using System.Runtime.InteropServices;

namespace Mlops.Runtime.Workers;

// WHAT THE SYSTEM GOES BY
//
// Linux divides the processors among control groups first, then, outside of groups, among sessions (autogroup), then by the nice value of
// each thread. Which of these counts on a node nobody tells, so a worker's place is set in all of them. A worker leads a session of its own
// and cannot make another one (mlops/_seccomp.py), so all that it has started is meant. Only a privileged host may raise a nice value that it
// has lowered; the shares of groups and sessions anybody may. Shares say who gets how much, not how soon: whoever has a low place asks for
// long slices, so that others need not wait for the end of one.

/// <summary>How much of the processors the processes of one worker get beside others, where all want them. Thread-safe.</summary>
internal sealed partial class WorkerPriority(int process, WorkerGroup? group, int usual, Func<IEnumerable<int>> threads)
{
    /// <summary>The place of workers that are starting: loading takes seconds of which nobody should notice. That of trainings, if nothing else is set.</summary>
    public const int Starting = 10;

    /// <summary>The last place: what others leave.</summary>
    public const int Lowest = 19;

    private const int OfGroup = 1;
    private readonly Lock _gate = new();
    private int _share = AtStart(usual).Share;
    private int _nice = AtStart(usual).Nice;

    /// <summary>Gets whether this process may raise the nice value of its workers again.</summary>
    public static bool MayRaise { get; } = OperatingSystem.IsLinux() && SchedulingRights.MayRaise("/proc/self/status", "/proc/self/limits");

    /// <summary>Gets by what the processors are kept for others, as one of the measures that contain workers.</summary>
    public static ContainmentMeasure Measure { get; } = !OperatingSystem.IsLinux()
        ? new ContainmentMeasure("processors", false, "Linux only")
        : new ContainmentMeasure("processors", true, MayRaise ? "share of the session, slices, nice value" : "share of the session, slices; nice value for good only, since this account may not raise it again (LimitNICE=0)");

    /// <summary>Gets whether its worker has less than usual.</summary>
    public bool IsLowered
    {
        get
        {
            lock (_gate)
                return _share > usual;
        }
    }

    /// <summary>Gets what a worker's process takes when it starts: nice value, share of its session, slices.</summary>
    public static (int Nice, int Share, TimeSpan Slice) AtStart(int usual) =>
        (MayRaise ? Math.Max(usual, Starting) : usual, Math.Max(usual, Starting), SchedulingSlice.Long);

    /// <summary>Gives it the usual place, as far as the host may.</summary>
    public void Restore() => Set(usual, usual);

    /// <summary>Gives it a lower place.</summary>
    /// <param name="place">The nice value that stands for it.</param>
    /// <param name="forGood">Whether also by a means that the host may not be able to take back.</param>
    public void Lower(int place, bool forGood) => Set(place, forGood || MayRaise ? place : usual);

    private static bool IsLow(int share) => share >= Starting;

    private void Set(int share, int nice)
    {
        if (!OperatingSystem.IsLinux())
            return;
        lock (_gate)
        {
            if (_share != share)
            {
                group?.Weigh(share);
                if (IsLow(_share) != IsLow(share))
                {
                    foreach (int thread in threads())
                        SchedulingSlice.TrySet(thread, IsLow(share) ? SchedulingSlice.Long : TimeSpan.Zero);
                }

                if (TrySetSession(share))
                    _share = share;
            }

            // A host without the right keeps what it has lowered for good.
            if (_nice != nice && (nice > _nice || MayRaise) && SetPriority(OfGroup, process, nice) == 0)
                _nice = nice;
        }
    }

    /// <summary>Returns false when it is to be tried again: an unprivileged host may change ten a second.</summary>
    private bool TrySetSession(int share)
    {
        try
        {
            File.WriteAllText($"/proc/{process}/autogroup", share.ToString(CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int value);
}
