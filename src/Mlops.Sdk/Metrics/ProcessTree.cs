using System.Diagnostics;
using System.Globalization;

namespace Mlops.Metrics;

/// <summary>Reads memory and processor time of a process, this one unless told otherwise, and its descendants.</summary>
/// <remarks>On Linux from <c>/proc</c>; elsewhere of this process alone, since .NET does not tell whose child a process is.</remarks>
internal sealed class ProcessTree(TimeProvider time, int root)
{
    // Scanning all processes costs a few milliseconds; memory and time of those already known cost microseconds.
    private static readonly TimeSpan ScanInterval = TimeSpan.FromSeconds(1);
    private static readonly double TicksPerSecond = 100; // USER_HZ, fixed by the kernel's interface.
    private static readonly bool TellsChildren = File.Exists($"/proc/{Environment.ProcessId}/task/{Environment.ProcessId}/children");
    private readonly Dictionary<int, double> _processorSeconds = [];
    private readonly List<int> _members = [root];
    private double _totalProcessorSeconds;
    private long _scanned;

    public ProcessTree(TimeProvider time)
        : this(time, Environment.ProcessId)
    {
    }

    /// <summary>Returns summed resident memory in bytes and processor seconds used since the first call.</summary>
    public (long Bytes, double ProcessorSeconds) Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var self = Process.GetCurrentProcess();
            return (self.WorkingSet64, self.TotalProcessorTime.TotalSeconds);
        }

        if (_scanned == 0 || time.GetElapsedTime(_scanned) >= ScanInterval)
            Scan();
        long bytes = 0;
        foreach (int pid in _members)
        {
            if (ReadStat(pid) is not { } stat)
                continue;
            bytes += stat.ResidentPages * Environment.SystemPageSize;
            double before = _processorSeconds.TryGetValue(pid, out double b) ? b : pid == root ? stat.ProcessorSeconds : 0;
            _totalProcessorSeconds += Math.Max(0, stat.ProcessorSeconds - before);
            _processorSeconds[pid] = stat.ProcessorSeconds;
        }

        return (bytes, _totalProcessorSeconds);
    }

    /// <summary>Returns the processor time that all threads together have used or waited for while others used it, and how many they are. Zero where the kernel does not tell.</summary>
    public (TimeSpan Wanted, int Threads) ReadDemand()
    {
        if (!OperatingSystem.IsLinux())
            return default;
        Scan();
        long nanoseconds = 0;
        int threads = 0;
        foreach (string thread in _members.SelectMany(ReadThreads))
        {
            string[] fields = ReadText(Path.Combine(thread, "schedstat")).Split(' ');
            if (fields.Length != 3)
                continue;
            nanoseconds += long.Parse(fields[0], CultureInfo.InvariantCulture) + long.Parse(fields[1], CultureInfo.InvariantCulture);
            threads++;
        }

        return (TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick), threads);
    }

    /// <summary>Returns the numbers of all threads. Empty where the kernel does not tell.</summary>
    public IReadOnlyList<int> ReadThreadIds()
    {
        if (!OperatingSystem.IsLinux())
            return [];
        Scan();
        return [.. _members.SelectMany(ReadThreads).Select(thread => int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture))];
    }

    /// <summary>Returns the memory of all, what several of them share counted once, and whether the system told so for each; otherwise resident memory.</summary>
    public (long Bytes, bool IsProportional) ReadProportional()
    {
        if (!OperatingSystem.IsLinux())
            return (Read().Bytes, false);
        Scan();
        long bytes = 0;
        bool isProportional = true;
        foreach (int pid in _members)
        {
            long? share = ReadShare(pid);
            isProportional &= share is not null;
            bytes += share ?? ReadStat(pid)?.ResidentPages * Environment.SystemPageSize ?? 0;
        }

        return (bytes, isProportional);
    }

    private static long? ReadShare(int pid)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{pid}/smaps_rollup").FirstOrDefault(l => l.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.AsSpan(4, line.Length - 6), CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null; // The kernel is old, or the process ended meanwhile or belongs to somebody else.
        }
    }

    private static Stat? ReadStat(int pid)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{pid}/stat");
            // The command in parentheses may hold anything; fields count from behind it (proc(5): 4 ppid, 14 utime, 15 stime, 24 rss).
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            double seconds = (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
            return new Stat(int.Parse(fields[1], CultureInfo.InvariantCulture), seconds, long.Parse(fields[21], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null; // It ended meanwhile, or belongs to somebody else.
        }
    }

    /// <summary>Reads whose parent a process is, each of its threads for itself.</summary>
    private static IEnumerable<int> ReadChildren(int pid) => ReadThreads(pid)
        .SelectMany(thread => ReadText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static string[] ReadThreads(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // It ended meanwhile.
        }
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It ended meanwhile.
        }
    }

    private void Scan()
    {
        _scanned = time.GetTimestamp();
        _members.Clear();
        _members.Add(root);
        if (TellsChildren)
        {
            for (int i = 0; i < _members.Count; i++)
                _members.AddRange(ReadChildren(_members[i]));
        }
        else
        {
            AddByParents();
        }

        foreach (int gone in _processorSeconds.Keys.Except(_members).ToList())
            _processorSeconds.Remove(gone);
    }

    /// <summary>Looks through all processes of the machine, where the kernel does not tell children.</summary>
    private void AddByParents()
    {
        var parents = new Dictionary<int, int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int pid) && ReadStat(pid) is { } stat)
                parents[pid] = stat.Parent;
        }

        for (int i = 0; i < _members.Count; i++)
            _members.AddRange(parents.Where(p => p.Value == _members[i]).Select(p => p.Key));
    }

    private readonly record struct Stat(int Parent, double ProcessorSeconds, long ResidentPages);
}
