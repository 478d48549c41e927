using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mlops.Runtime.Columns;

namespace Mlops.Runtime.Workers;

/// <summary>
/// Frames over the socket of one worker: length of what follows (4 bytes, little-endian), kind (1 byte), payload. One reader and one
/// writer at a time; the payload of a frame is valid until the next one is read.
/// </summary>
internal sealed class WorkerConnection(Socket socket) : IDisposable
{
    private const int HeadLength = 5;
    private const int MaxLength = 16 * 1024 * 1024;

    // 5 and 50 microseconds: what another core needs to see a change, and what waking costs.
    private static readonly long s_beginTicks = Environment.ProcessorCount > 1 ? Stopwatch.Frequency / 200_000 : 0;
    private static readonly long s_answerTicks = Environment.ProcessorCount > 1 ? Stopwatch.Frequency / 20_000 : 0;
    private readonly byte[] _small = new byte[HeadLength + sizeof(long)];
    private byte[] _buffer = new byte[1024];
    private int _start;
    private int _end;

    /// <summary>Sends a frame without payload, or with a number.</summary>
    public ValueTask SendAsync(WorkerFrame kind, long? number = null, CancellationToken cancellationToken = default)
    {
        int length = number is null ? HeadLength : HeadLength + sizeof(long);
        BinaryPrimitives.WriteInt32LittleEndian(_small, length - 4);
        _small[4] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(_small.AsSpan(HeadLength), number ?? 0);
        return SendAllAsync(_small.AsMemory(0, length), cancellationToken);
    }

    /// <summary>Sends a frame whose payload is JSON.</summary>
    public ValueTask SendAsync<T>(WorkerFrame kind, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken = default)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(message, type);
        var frame = new byte[HeadLength + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length + 1);
        frame[4] = (byte)kind;
        json.CopyTo(frame, HeadLength);
        return SendAllAsync(frame, cancellationToken);
    }

    /// <summary>Reads the next frame.</summary>
    /// <exception cref="EndOfStreamException">The worker has closed the connection or is gone.</exception>
    /// <exception cref="InvalidDataException">What came is no frame.</exception>
    public async ValueTask<(WorkerFrame Kind, ReadOnlyMemory<byte> Payload)> ReadAsync(CancellationToken cancellationToken = default)
    {
        await FillAsync(HeadLength, cancellationToken).ConfigureAwait(false);
        int length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        if (length is < 1 or > MaxLength)
            throw new InvalidDataException($"A worker sent a frame of {length} bytes; 1 to {MaxLength} are possible.");
        await FillAsync(4 + length, cancellationToken).ConfigureAwait(false);
        var kind = (WorkerFrame)_buffer[_start + 4];
        ReadOnlyMemory<byte> payload = _buffer.AsMemory(_start + HeadLength, length - 1);
        _start += 4 + length;
        return (kind, payload);
    }

    /// <summary>Waits on the caller's thread for the next frame, if it is likely to come soon: then reading it needs no other thread, whose wake would take longer.</summary>
    /// <param name="bell">Tells whether the worker has begun what it was asked.</param>
    /// <param name="patience">How long to sleep at most.</param>
    /// <remarks>
    /// A worker that has begun runs on another core, and looking again and again is quicker than to sleep and be woken. One that has not
    /// is being woken, often on this very core, since systems take who writes to a socket for somebody who will sleep next: so we do.
    /// </remarks>
    public void WaitBriefly(CallBell bell, TimeSpan patience)
    {
        if (_end > _start)
            return;
        long since = Stopwatch.GetTimestamp();
        while (socket.Available == 0)
        {
            if (Stopwatch.GetTimestamp() - since < (bell.IsHeard ? s_answerTicks : s_beginTicks))
                continue;
            bell.Sleep();
            socket.Poll(patience, SelectMode.SelectRead);
            bell.Wake();
            return;
        }
    }

    /// <summary>Reads the payload of a frame.</summary>
    /// <exception cref="InvalidDataException">The payload is not what the kind promises.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> payload, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(payload.Span, type) ?? throw new JsonException("null");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"A worker sent a {typeof(T).Name} that cannot be read: {exception.Message}", exception);
        }
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask FillAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _start >= count)
            return;
        if (_buffer.Length - _start < count)
        {
            byte[] target = count <= _buffer.Length ? _buffer : new byte[Math.Max(count, _buffer.Length * 2)];
            Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
            (_buffer, _end, _start) = (target, _end - _start, 0);
        }

        while (_end - _start < count)
        {
            int read = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("The worker has closed its connection.");
            _end += read;
        }
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        while (!frame.IsEmpty)
        {
            int sent = await socket.SendAsync(frame, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            frame = frame[sent..];
        }
    }
}
