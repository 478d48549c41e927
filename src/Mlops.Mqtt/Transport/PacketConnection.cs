using System.Diagnostics;
using System.IO.Pipelines;

namespace Mlops.Mqtt.Transport;

/// <summary>Runs one connection: a read loop that hands over packets and a write loop that drains the outbox.</summary>
/// <remarks>
/// Ends when the peer closes, when a packet breaks the protocol, or when the outbox is completed. In each case what the outbox holds
/// is written first, the sending side is shut down, and the peer gets a moment to close, so that a farewell is not lost to a reset.
/// </remarks>
/// <param name="transport">The bytes.</param>
/// <param name="time">Measures silence.</param>
/// <param name="sent">Where what is written is counted.</param>
internal sealed class PacketConnection(TcpTransport transport, TimeProvider time, Traffic sent)
{
    private const int ReadBufferSize = 32 * 1024;

    /// <summary>Bytes read without waiting after which others get the thread; a read counts as many at least as it costs to ask.</summary>
    private const int MostInARow = 256 * 1024;
    private const int CostOfRead = 1024;

    private static readonly TimeSpan WriteGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);

    /// <summary>Waits without a buffer, so that a connection that says nothing holds none.</summary>
    private readonly PipeReader input = PipeReader.Create(
        transport.Stream, new StreamPipeReaderOptions(bufferSize: ReadBufferSize, minimumReadSize: 2048, leaveOpen: true, useZeroByteReads: true));

    private readonly PacketWriter writer = new(transport.Stream, time, sent);
    private readonly TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long lastReceived = time.GetTimestamp();

    public TcpTransport Transport => transport;

    public Outbox Outbox { get; } = new();

    /// <summary>How long nothing has come, or zero while reading is stopped on purpose.</summary>
    public TimeSpan Silence => IsPaused ? TimeSpan.Zero : time.GetElapsedTime(LastReceived);

    /// <summary>Whether this side has stopped reading, so that silence does not mean that the peer is gone.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>When something was last read, as a timestamp of the time provider.</summary>
    public long LastReceived => Volatile.Read(ref lastReceived);

    /// <summary>When something was last written, as a timestamp of the time provider.</summary>
    public long LastSent => writer.LastSent;

    /// <summary>Sets the version that is written from now on; known after CONNECT.</summary>
    public void Speak(MqttProtocolVersion version) => writer.Version = version;

    /// <summary>Obeys what the peer allows from now on; called before the first PUBLISH is written.</summary>
    /// <param name="maximumPacketSize">Bytes; 0 sets no limit.</param>
    /// <param name="topicAliases">The highest topic alias to use, or 0.</param>
    public void Limit(uint maximumPacketSize, int topicAliases)
    {
        writer.MaxPacketSize = maximumPacketSize == 0 ? uint.MaxValue : maximumPacketSize;
        writer.Aliases = topicAliases == 0 ? null : new TopicAliases(topicAliases);
    }

    /// <summary>Closes from any thread: what is in the outbox and <paramref name="last"/> are still written if the peer takes them.</summary>
    public void Close(byte[]? last = null, bool afterDeliveries = false)
    {
        Outbox.Complete(last, afterDeliveries);
        closing.TrySetResult();
    }

    /// <summary>Runs until the connection has ended and returns what ended it: null when the peer or this side just closed.</summary>
    public async Task<Exception?> RunAsync(IPacketReceiver receiver)
    {
        var writing = writer.RunAsync(Outbox);
        var reading = ReadAsync(receiver);
        await Task.WhenAny(reading, writing, closing.Task).ConfigureAwait(false);
        var error = reading.IsCompleted ? await reading.ConfigureAwait(false) : null;
        Outbox.Complete(error is MqttException broken ? receiver.Farewell(broken) : null);

        var first = await Task.WhenAny(writing, Task.Delay(WriteGrace, time)).ConfigureAwait(false);
        if (first == writing && await writing.ConfigureAwait(false) is null)
        {
            await Task.WhenAny(SayGoodbyeAsync(reading), Task.Delay(CloseGrace, time)).ConfigureAwait(false);
        }

        aborted.TrySetCanceled();
        transport.Dispose();
        error ??= await writing.ConfigureAwait(false);
        return error ?? await reading.ConfigureAwait(false);
    }

    private async Task<Exception?> ReadAsync(IPacketReceiver receiver)
    {
        try
        {
            long inARow = 0;
            while (true)
            {
                var next = input.ReadAsync();
                if (!next.IsCompleted || inARow > MostInARow)
                {
                    if (next.IsCompleted)
                        await BorrowedThread.LeaveAsync();
                    inARow = 0;
                }

                var read = await next.ConfigureAwait(false);
                inARow += CostOfRead + read.Buffer.Length;
                long ticks = Stopwatch.GetTimestamp();
                Volatile.Write(ref lastReceived, time.GetTimestamp());
                // Once this side has decided to close, what still comes is not looked at.
                var cutter = new FrameCutter(Outbox.IsCompleted ? read.Buffer.Slice(read.Buffer.End) : read.Buffer);
                while (TryHandOver(ref cutter, receiver, ticks, out var pending))
                {
                    if (!pending.IsCompletedSuccessfully)
                        await PauseAsync(pending).ConfigureAwait(false);
                }

                input.AdvanceTo(cutter.Consumed, read.Buffer.End);
                var room = Outbox.WaitForRoomAsync();
                if (!room.IsCompletedSuccessfully)
                    await room.ConfigureAwait(false);
                if (read.IsCompleted)
                    return null;
            }
        }
        catch (Exception error)
        {
            return Outbox.IsCompleted && error is not MqttException ? null : error;
        }
        finally
        {
            await input.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Hands over packets, and then writes what they have brought about.</summary>
    private static bool TryHandOver(ref FrameCutter cutter, IPacketReceiver receiver, long ticks, out ValueTask pending)
    {
        using (DeferredWrites.Collect())
            return cutter.TryHandOver(receiver, ticks, out pending);
    }

    private async Task PauseAsync(ValueTask pending)
    {
        IsPaused = true;
        var first = await Task.WhenAny(pending.AsTask(), aborted.Task).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        Volatile.Write(ref lastReceived, time.GetTimestamp());
        IsPaused = false;
    }

    /// <summary>Ends the sending side, waits for the end of the read loop, and throws away what the peer still sends until it closes.</summary>
    private async Task SayGoodbyeAsync(Task<Exception?> reading)
    {
        await transport.ShutdownSendAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        var rest = new byte[4096];
        try
        {
            while (await transport.Stream.ReadAsync(rest).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or OperationCanceledException or MqttException)
        {
            // The connection is closed either way.
        }
    }
}
