using System.Buffers.Binary;
using System.Net.Sockets;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Transport;

/// <summary>A TCP connection that sends and receives chunks (OPC 10000-6, 7.1).</summary>
internal sealed class ChunkSocket : IDisposable
{
    private const int HeaderLength = 8;

    private readonly Socket _socket;
    private readonly byte[] _received = new byte[UaLimits.ChunkSize];
    private int _start;
    private int _end;

    private ChunkSocket(Socket socket) => _socket = socket;

    /// <summary>Gets the bytes of the longest chunk that the server takes.</summary>
    public int SendSize { get; private set; } = 8192;

    /// <summary>Gets the bytes of the longest message that the server takes; 0 when it sets no limit.</summary>
    public int MaxMessageSize { get; private set; }

    /// <summary>Gets the most chunks that the server takes for a message; 0 when it sets no limit.</summary>
    public int MaxChunkCount { get; private set; }

    /// <summary>Connects and greets.</summary>
    /// <exception cref="SocketException">The host cannot be reached.</exception>
    /// <exception cref="UaException">The server refused.</exception>
    public static async Task<ChunkSocket> ConnectAsync(Uri endpoint, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.IdnHost.Trim('[', ']'), endpoint.Port > 0 ? endpoint.Port : 4840, cancel).ConfigureAwait(false);
            var connection = new ChunkSocket(socket);
            await connection.GreetAsync(endpoint, cancel).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancel)
    {
        while (chunk.Length > 0)
            chunk = chunk[await _socket.SendAsync(chunk, SocketFlags.None, cancel).ConfigureAwait(false)..];
    }

    /// <summary>Receives a chunk: its whole bytes, valid and writable until the next call.</summary>
    /// <exception cref="UaException">The server sent an error, or what is no chunk, or has closed the connection.</exception>
    public async ValueTask<Memory<byte>> ReceiveAsync(CancellationToken cancel)
    {
        await FillAsync(HeaderLength, cancel).ConfigureAwait(false);
        int size = BinaryPrimitives.ReadInt32LittleEndian(_received.AsSpan(_start + 4));
        if (size < HeaderLength || size > UaLimits.ChunkSize)
            throw new UaException(StatusCodes.BadTcpMessageTooLarge, $"The server sent a chunk of {(uint)size} bytes; up to {UaLimits.ChunkSize} were agreed.");
        await FillAsync(size, cancel).ConfigureAwait(false);
        Memory<byte> chunk = _received.AsMemory(_start, size);
        _start += size;
        return chunk.Span.StartsWith("ERR"u8) ? throw Refusal(chunk.Span[HeaderLength..]) : chunk;
    }

    public void Dispose() => _socket.Dispose();

    private static UaException Refusal(ReadOnlySpan<byte> body)
    {
        var reader = new UaReader(body);
        StatusCode status = reader.Status();
        string? reason = reader.String();
        return new UaException(status, $"The server has closed the connection: {status}{(string.IsNullOrWhiteSpace(reason) || reason == status.Name ? "" : $" ({reason})")}.");
    }

    private async ValueTask GreetAsync(Uri endpoint, CancellationToken cancel)
    {
        var hello = new UaWriter();
        hello.Raw("HELF"u8);
        hello.Int32(0);
        hello.UInt32(0);
        hello.UInt32(UaLimits.ChunkSize);
        hello.UInt32(UaLimits.ChunkSize);
        hello.UInt32(UaLimits.MessageSize);
        hello.UInt32(UaLimits.ChunkCount);
        hello.String(endpoint.OriginalString);
        byte[] bytes = hello.Written.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length);
        await SendAsync(bytes, cancel).ConfigureAwait(false);
        ReadAcknowledge((await ReceiveAsync(cancel).ConfigureAwait(false)).Span);
    }

    private void ReadAcknowledge(ReadOnlySpan<byte> chunk)
    {
        if (!chunk.StartsWith("ACKF"u8))
            throw new UaException(StatusCodes.BadTcpMessageTypeInvalid, "What answers there is no OPC UA server: it does not know the greeting. Check host and port.");
        var reader = new UaReader(chunk[HeaderLength..]);
        reader.UInt32();
        uint sends = reader.UInt32();
        uint takes = reader.UInt32();
        if (sends > UaLimits.ChunkSize || takes < 8192)
            throw new UaException(StatusCodes.BadTcpMessageTooLarge, $"The server offers chunks of {sends} and {takes} bytes; {UaLimits.ChunkSize} at most and 8192 at least are possible.");
        SendSize = (int)Math.Min(takes, UaLimits.ChunkSize);
        MaxMessageSize = (int)Math.Min(reader.UInt32(), int.MaxValue);
        MaxChunkCount = (int)Math.Min(reader.UInt32(), int.MaxValue);
    }

    private async ValueTask FillAsync(int count, CancellationToken cancel)
    {
        if (_end - _start >= count)
            return;
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            int read = await _socket.ReceiveAsync(_received.AsMemory(_end), SocketFlags.None, cancel).ConfigureAwait(false);
            if (read == 0)
                throw new UaException(StatusCodes.BadConnectionClosed, "The server has closed the connection.");
            _end += read;
        }
    }
}
