using System.Runtime.InteropServices;

namespace Mlops.Store.Queries;

/// <summary>
/// Gives memory that the engine has freed back to the system. The C library keeps it otherwise, in pieces between what is still
/// in use, and a node that writes a file every minute would creep upwards.
/// </summary>
internal static partial class FreeMemory
{
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc; it has no such call and needs none.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
