using System.Globalization;

namespace Mlops.Runtime.Workers;

/// <summary>The control group (cgroup v2) of one worker: limits for all its processes together, and their end with one write.</summary>
internal sealed class WorkerGroup
{
    /// <summary>The worker's own processes, which only wait.</summary>
    private const int Waiting = 3;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private const int MostAttempts = 50;

    private WorkerGroup(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Makes a group; <see langword="null"/> where none may be made.</summary>
    public static WorkerGroup? TryCreate(WorkerLimits limits, int niceness)
    {
        if (limits.Groups is null)
            return null;
        string folder = ControlGroups.NewFolder(limits.Groups);
        try
        {
            Directory.CreateDirectory(folder);
            Set(folder, "memory.max", limits.MemoryBytes > 0 ? limits.MemoryBytes.ToString(CultureInfo.InvariantCulture) : "max");
            Set(folder, "pids.max", (limits.Processes + Waiting).ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryRemove(folder);
            return null;
        }

        // Not every kernel has these.
        TrySet(folder, "memory.swap.max", "0");
        TrySet(folder, "memory.oom.group", "1");
        Weigh(folder, niceness);
        return new WorkerGroup(folder);
    }

    /// <summary>Removes a group in which nothing runs any more; what runs keeps it.</summary>
    public static bool TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Changes what it gets of the processors beside other groups.</summary>
    /// <param name="niceness">The nice value of a thread that would get as much.</param>
    public void Weigh(int niceness) => Weigh(Folder, niceness);

    /// <summary>Ends all that runs in it.</summary>
    public void Kill() => TrySet(Folder, "cgroup.kill", "1");

    /// <summary>Removes it as soon as all that ran in it has gone.</summary>
    public async Task RemoveAsync()
    {
        Kill();
        for (int attempt = 0; attempt < MostAttempts && !TryRemove(Folder); attempt++)
            await Task.Delay(s_pause).ConfigureAwait(false);
    }

    private static void Weigh(string folder, int niceness) => TrySet(folder, "cpu.weight.nice", niceness.ToString(CultureInfo.InvariantCulture));

    private static void Set(string folder, string file, string value) => File.WriteAllText(Path.Combine(folder, file), value);

    private static void TrySet(string folder, string file, string value)
    {
        try
        {
            Set(folder, file, value);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The group does without.
        }
    }
}
