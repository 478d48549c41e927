using System.Globalization;
using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>What the system says of the sockets of this process, whoever opened them.</summary>
internal static unsafe partial class OwnSockets
{
    private const int SocketLevel = 1;
    private const int ReceiveBuffer = 8;

    /// <summary>Returns the size of the buffer of the UDP socket on a port.</summary>
    public static int ReceiveBufferOf(int port)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            int descriptor = int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
            byte* address = stackalloc byte[128];
            int length = 128;
            if (getsockname(descriptor, address, ref length) != 0 || length != 16 || ((address[2] << 8) | address[3]) != port)
                continue;
            int size = sizeof(int);
            getsockopt(descriptor, SocketLevel, ReceiveBuffer, out int bytes, ref size).ShouldBe(0);
            return bytes;
        }

        throw new ShouldAssertException($"This process has no socket on port {port}.");
    }

    [LibraryImport("libc")]
    private static partial int getsockname(int descriptor, byte* address, ref int length);

    [LibraryImport("libc")]
    private static partial int getsockopt(int descriptor, int level, int name, out int value, ref int length);
}
