using Mlops.Store.Segments;

namespace Mlops.Workflows;

/// <summary>Puts finished folders into their place so that after a crash they are there whole or not at all.</summary>
internal static class DurableFolder
{
    private const string TemporaryPrefix = ".tmp-";

    /// <summary>Returns the path of a temporary folder beside where the finished one will be; <see cref="RemoveTemporary"/> finds it again.</summary>
    public static string TemporaryPath(string parent, string name) => Path.Combine(parent, $"{TemporaryPrefix}{name}");

    /// <summary>Makes a folder's files and entries durable, and moves it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="target">Where it shall be; nothing is there yet.</param>
    /// <param name="flushFiles">Whether the files were written by others and are to be flushed as well.</param>
    public static void Move(string folder, string target, bool flushFiles)
    {
        foreach (string file in flushFiles ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
            FolderSync.File(file);
        foreach (string inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
            FolderSync.Folder(inner);
        FolderSync.Folder(folder);
        string parent = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(parent))
        {
            Directory.CreateDirectory(parent);
            FolderSync.Folder(Path.GetDirectoryName(parent)!);
        }

        Directory.Move(folder, target);
        FolderSync.Folder(parent);
    }

    /// <summary>Removes temporary folders that a crash has left.</summary>
    /// <returns>The removed folders.</returns>
    public static IReadOnlyList<string> RemoveTemporary(string parent)
    {
        if (!Directory.Exists(parent))
            return [];
        string[] left = Directory.GetDirectories(parent, $"{TemporaryPrefix}*");
        foreach (string folder in left)
            Directory.Delete(folder, recursive: true);
        return left;
    }
}
