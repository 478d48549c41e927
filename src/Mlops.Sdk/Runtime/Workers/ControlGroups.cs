namespace Mlops.Runtime.Workers;

// WHERE GROUPS MAY BE MADE
//
// A process may make control groups (cgroup v2) below a folder that was given to it: by the setting, or by systemd, for a service with
// Delegate=yes and DelegateSubgroup=host. Then the host runs in <unit>/host, and workers get groups beside it. The parent of our own group
// is a unit of systemd in that case only; any other parent is somebody else's, whatever our rights.

/// <summary>Finds the folder in which workers get control groups of their own.</summary>
internal static class ControlGroups
{
    private const string Prefix = "mlops-";
    private static readonly string[] s_needed = ["memory", "pids"];
    private static readonly string[] s_wanted = ["memory", "pids", "cpu"];

    /// <summary>Returns the folder, ready for groups; <see langword="null"/> where none may be made.</summary>
    /// <param name="setting">The folder of the settings; <see langword="null"/> to look for one that systemd gave.</param>
    public static string? Find(string? setting) => Find(setting, "/proc/self/mountinfo", "/proc/self/cgroup");

    internal static string? Find(string? setting, string mounts, string own)
    {
        try
        {
            string? folder = setting ?? Given(mounts, own);
            if (folder is null || !Prepare(folder))
                return null;
            foreach (string left in Directory.GetDirectories(folder, Prefix + "*"))
                WorkerGroup.TryRemove(left);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static string NewFolder(string parent) => Path.Combine(parent, Prefix + Guid.NewGuid().ToString("n"));

    private static string? Given(string mounts, string own)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        // proc(5): the mount point is the fifth field; behind " - " comes the type of the file system.
        string? mount = File.ReadLines(mounts).FirstOrDefault(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal))?.Split(' ')[4];
        string? path = File.ReadLines(own).FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..];
        string? unit = path is null ? null : Path.GetDirectoryName(path);
        return mount is not null && unit is not null && Path.GetExtension(unit) is ".service" or ".scope" ? mount + unit : null;
    }

    private static bool Prepare(string folder)
    {
        string[] has = File.ReadAllText(Path.Combine(folder, "cgroup.controllers")).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (s_needed.Except(has).Any())
            return false;
        File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), string.Join(' ', s_wanted.Intersect(has).Select(name => "+" + name)));
        return true;
    }
}
