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
    private const nuint HugePage = 2 * 1024 * 1024;
    private const int ReadWrite = 0x3;
    private const int PrivateAnonymous = 0x22;
    private const int UseHugePages = 14;
    private const int PopulateForWriting = 23;

    /// <summary>Takes memory whose contents are undefined, on a boundary of 64 bytes.</summary>
    /// <exception cref="InsufficientMemoryException">There is none.</exception>
    public static byte* Take(nuint bytes)
    {
        if (bytes < Large || !OperatingSystem.IsLinux())
            return (byte*)NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), Alignment);
        nuint length = Length(bytes);
        nuint slack = length < HugePage ? 0 : HugePage;
        nint memory = Map(0, length + slack, ReadWrite, PrivateAnonymous, -1, 0);
        if (memory == -1)
            throw new InsufficientMemoryException($"The system has no {bytes} bytes for a batch of records.");
        nint start = memory;
        if (slack > 0)
        {
            start = (nint)(((nuint)memory + slack - 1) & ~(slack - 1));
            Cut(memory, start);
            Cut(start + (nint)length, memory + (nint)(length + slack));
            _ = Advise(start, length & ~(HugePage - 1), UseHugePages);
        }

        // All pages at once cost a fraction of one fault each. A kernel that cannot do so does it page by page.
        _ = Advise(start, length, PopulateForWriting);
        return (byte*)start;
    }

    /// <summary>Gives memory back.</summary>
    /// <param name="memory">What <see cref="Take"/> returned, or null.</param>
    /// <param name="bytes">How much was asked for.</param>
    public static void Free(byte* memory, nuint bytes)
    {
        if (memory == null || bytes < Large || !OperatingSystem.IsLinux())
            NativeMemory.AlignedFree(memory);
        else
            _ = Unmap((nint)memory, Length(bytes));
    }

    // Whole small pages; and a whole huge one rather than most of it in small ones.
    private static nuint Length(nuint bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint rest = bytes % HugePage;
        return rest > HugePage / 4 * 3 ? bytes - rest + HugePage : (bytes + page - 1) / page * page;
    }

    private static void Cut(nint from, nint to)
    {
        if (to > from)
            _ = Unmap(from, (nuint)(to - from));
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
