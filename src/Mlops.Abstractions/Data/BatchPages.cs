using System.Runtime.InteropServices;

namespace Mlops.Data;

/// <summary>
/// Memory for batches. Large pieces come from the system and go back to it at once: a C library keeps them, once freed, in an arena
/// for each thread, so that a node which reads a million records now and then would hold their memory several times over.
/// </summary>
internal static unsafe partial class BatchPages
{
    private const nuint Alignment = 64;
    private const nuint Large = 256 * 1024;
    private const int ReadWrite = 0x3;
    private const int PrivateAnonymous = 0x22;

    /// <summary>Takes memory whose contents are undefined, on a boundary of 64 bytes.</summary>
    /// <exception cref="InsufficientMemoryException">There is none.</exception>
    public static byte* Take(nuint bytes)
    {
        if (bytes < Large || !OperatingSystem.IsLinux())
            return (byte*)NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), Alignment);
        nint memory = Map(0, bytes, ReadWrite, PrivateAnonymous, -1, 0);
        return memory != -1 ? (byte*)memory : throw new InsufficientMemoryException($"The system has no {bytes} bytes for a batch of records.");
    }

    /// <summary>Gives memory back.</summary>
    /// <param name="memory">What <see cref="Take"/> returned, or null.</param>
    /// <param name="bytes">How much was asked for.</param>
    public static void Free(byte* memory, nuint bytes)
    {
        if (memory == null || bytes < Large || !OperatingSystem.IsLinux())
            NativeMemory.AlignedFree(memory);
        else
            _ = Unmap((nint)memory, bytes);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
