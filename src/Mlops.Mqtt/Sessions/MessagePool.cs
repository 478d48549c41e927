using System.Buffers;
using System.Numerics;

namespace Mlops.Mqtt.Sessions;

/// <summary>Messages that are not used now, with their buffers, by size of the buffer.</summary>
/// <remarks>
/// The shared array pool keeps few arrays of a size for each core, and messages are taken on one thread and given back on another, so a
/// queue of some length would allocate all the time. This pool keeps 8 MiB of each size at most, the last used on top.
/// </remarks>
internal static class MessagePool
{
    private const int SmallestSize = 128;
    private const int LargestSize = 16 * 1024;
    private const int MaxBytesOfSize = 8 * 1024 * 1024;
    private const int MaxCountOfSize = 8192;

    private static readonly Shelf[] Shelves =
        [.. Enumerable.Range(0, BitOperations.Log2(LargestSize / SmallestSize) + 1).Select(step => new Shelf(SmallestSize << step))];

    /// <summary>Gets a message with a buffer of at least the length.</summary>
    public static SharedMessage Rent(int length) =>
        length > LargestSize ? new SharedMessage(ArrayPool<byte>.Shared.Rent(length)) : Shelves[IndexOf(length)].Take();

    public static void Return(SharedMessage message, byte[] buffer)
    {
        if (buffer.Length > LargestSize)
            ArrayPool<byte>.Shared.Return(buffer);
        else
            Shelves[IndexOf(buffer.Length)].Put(message);
    }

    private static int IndexOf(int length) =>
        length <= SmallestSize ? 0 : BitOperations.Log2((uint)(length - 1) / SmallestSize) + 1;

    private sealed class Shelf(int size)
    {
        private readonly Lock gate = new();
        private readonly SharedMessage[] messages = new SharedMessage[Math.Min(MaxCountOfSize, MaxBytesOfSize / size)];
        private int count;

        public SharedMessage Take()
        {
            lock (gate)
            {
                if (count > 0)
                    return messages[--count];
            }

            return new SharedMessage(new byte[size]);
        }

        public void Put(SharedMessage message)
        {
            lock (gate)
            {
                if (count < messages.Length)
                    messages[count++] = message;
            }
        }
    }
}
