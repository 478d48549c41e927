using System.Net.WebSockets;

namespace Mlops.Mqtt.Transport.WebSockets;

/// <summary>
/// The bytes of MQTT inside the binary frames of a WebSocket (MQTT 5, section 6): packets may begin and end anywhere in a frame, and
/// each write becomes one frame.
/// </summary>
internal sealed class BinaryFrameStream(Stream below, WebSocket socket) : Stream
{
    /// <summary>What the frames are written to.</summary>
    public Stream Below => below;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <param name="below">The connection after the upgrade.</param>
    /// <param name="isServer">Whether this side has answered the upgrade.</param>
    public static BinaryFrameStream Over(Stream below, bool isServer) => new(below, WebSocket.CreateFromStream(
        below, new WebSocketCreationOptions { IsServer = isServer, SubProtocol = Upgrade.SubProtocol, KeepAliveInterval = Timeout.InfiniteTimeSpan }));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The end may have come while an empty buffer was waiting.
        if (socket.State is WebSocketState.CloseReceived or WebSocketState.Closed)
            return 0;
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read.MessageType == WebSocketMessageType.Close)
                    return 0;
                if (read.MessageType != WebSocketMessageType.Binary)
                    throw new MqttException(MqttReasonCode.ProtocolError, "A WebSocket frame of text came; MQTT travels in binary frames only.");
                // An empty frame is not the end; an empty buffer asks only to be told when there is something.
                if (read.Count > 0 || buffer.IsEmpty)
                    return read.Count;
            }
        }
        catch (WebSocketException error) when (error.WebSocketErrorCode == WebSocketError.Faulted && error.InnerException is null)
        {
            throw new MqttException(MqttReasonCode.MalformedPacket, $"A WebSocket frame breaks RFC 6455: {error.Message}", error);
        }
        catch (WebSocketException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Sends the closing frame, or answers that of the peer.</summary>
    public async Task CloseSendAsync()
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (WebSocketException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
            below.Dispose();
        }

        base.Dispose(disposing);
    }
}
