using System.Runtime.InteropServices;

namespace Mlops.Store.Backup;

/// <summary>Gives a file a second name on the same disk. For files that never change it is as good as a copy and costs nothing.</summary>
internal static partial class HardLink
{
    /// <summary>Tries it.</summary>
    /// <returns><see langword="false"/> where the system or the disk does not; then copy.</returns>
    public static bool TryCreate(string existing, string path) =>
        OperatingSystem.IsWindows() ? CreateHardLink(path, existing, 0) : Link(existing, path) == 0;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string path, string existing, nint attributes);
}
