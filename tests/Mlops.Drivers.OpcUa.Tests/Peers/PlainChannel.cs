using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Mlops.Drivers.OpcUa.Channels;

namespace Mlops.Drivers.OpcUa.Tests.Peers;

/// <summary>A channel as another stack would bring it: UA TCP without security, on nothing but a socket.</summary>
internal sealed class PlainChannel : IOpcUaChannel
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<ReadOnlyMemory<byte>>> _waiting = new();
    private readonly TaskCompletionSource<Exception> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _sending = new(1);
    private uint _channel;
    private uint _token;
    private uint _number;

    public Task<Exception> Closed => _closed.Task;

    public static async Task<PlainChannel> OpenAsync(Uri endpoint)
    {
        var channel = new PlainChannel();
        await channel._socket.ConnectAsync(endpoint.Host, endpoint.Port);
        byte[] url = System.Text.Encoding.UTF8.GetBytes(endpoint.OriginalString);
        await channel.SendAsync("HELF", [.. Number(0), .. Number(65_536), .. Number(65_536), .. Number(0), .. Number(0), .. Number((uint)url.Length), .. url]);
        await channel.ReceiveAsync();
        byte[] policy = "http://opcfoundation.org/UA/SecurityPolicy#None"u8.ToArray();
        byte[] none = [255, 255, 255, 255];
        // RequestHeader: no token, no time, handle 1; then version 0, issue, mode None, no nonce, an hour.
        byte[] header = [0, 0, .. new byte[8], .. Number(1), .. Number(0), .. none, .. Number(10_000), 0, 0, 0];
        await channel.SendAsync("OPNF", [.. Number(0), .. Number((uint)policy.Length), .. policy, .. none, .. none, .. Number(channel.Next()), .. Number(1), 1, 0, 190, 1, .. header, .. Number(0), .. Number(0), .. Number(1), .. none, .. Number(3_600_000)]);
        byte[] opened = await channel.ReceiveAsync();
        // The answer ends with channel, token, time, lifetime and nonce.
        int end = opened.Length - 4 - 4 - 8;
        if (BinaryPrimitives.ReadInt32LittleEndian(opened.AsSpan(^4)) > 0)
            end -= BinaryPrimitives.ReadInt32LittleEndian(opened.AsSpan(^4));
        channel._token = BinaryPrimitives.ReadUInt32LittleEndian(opened.AsSpan(end - 4));
        channel._channel = BinaryPrimitives.ReadUInt32LittleEndian(opened.AsSpan(end - 8));
        _ = Task.Run(channel.ReadAsync);
        return channel;
    }

    public async ValueTask<ReadOnlyMemory<byte>> CallAsync(ReadOnlyMemory<byte> request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _sending.WaitAsync(cancellationToken);
        try
        {
            uint id = Next();
            _waiting[id] = answer;
            await SendAsync("MSGF", [.. Number(_channel), .. Number(_token), .. Number(id), .. Number(id), .. request.Span]);
        }
        finally
        {
            _sending.Release();
        }

        Task ended = await Task.WhenAny(answer.Task, _closed.Task).WaitAsync(cancellationToken);
        return ended == answer.Task ? await answer.Task : throw new IOException("The plain channel has ended.");
    }

    public ValueTask DisposeAsync()
    {
        _closed.TrySetResult(new IOException("The plain channel was closed."));
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Number(uint value) => BitConverter.GetBytes(value);

    private uint Next() => ++_number;

    private async Task ReadAsync()
    {
        var parts = new Dictionary<uint, List<byte>>();
        try
        {
            while (true)
            {
                byte[] chunk = await ReceiveAsync();
                uint id = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(20));
                List<byte> whole = parts.TryGetValue(id, out List<byte>? before) ? before : parts[id] = [];
                whole.AddRange(chunk.AsSpan(24));
                if (chunk[3] != (byte)'F')
                    continue;
                parts.Remove(id);
                if (_waiting.TryRemove(id, out var waiting))
                    waiting.TrySetResult(whole.ToArray());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            _closed.TrySetResult(error);
        }
    }

    private async Task SendAsync(string type, byte[] body)
    {
        byte[] chunk = [.. System.Text.Encoding.ASCII.GetBytes(type), .. Number((uint)body.Length + 8), .. body];
        await _socket.SendAsync(chunk);
    }

    private async Task<byte[]> ReceiveAsync()
    {
        byte[] head = new byte[8];
        await FillAsync(head);
        byte[] chunk = new byte[BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4))];
        head.CopyTo(chunk, 0);
        await FillAsync(chunk.AsMemory(8));
        return chunk;
    }

    private async Task FillAsync(Memory<byte> into)
    {
        while (into.Length > 0)
        {
            int read = await _socket.ReceiveAsync(into);
            into = read > 0 ? into[read..] : throw new IOException("The server has closed the connection.");
        }
    }
}
