using System.Collections.Concurrent;
using System.Security.Cryptography;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Transport;

/// <summary>A secure channel: requests go out, answers come back, the token is renewed in time (OPC 10000-6, 6.7). Thread-safe.</summary>
/// <remarks>One task receives; who sends holds the gate, so that chunks leave in the order of their numbers. When anything is wrong the channel ends as a whole, and each waiting request with it.</remarks>
internal sealed class SecureChannel : IServiceChannel
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ChunkSocket _socket;
    private readonly ChannelSecurity _security;
    private readonly OpenChannelMessages _opening;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<uint, PendingRequest> _pending = new();
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly UaWriter _message = new();
    private readonly byte[] _chunk;
    private readonly IncomingMessages _incoming;
    private readonly TaskCompletionSource<Exception> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChannelToken _token = new(0, null, null);
    private TaskCompletionSource<TimeSpan> _opened = NewOpened();
    private byte[] _nonce = [];
    private uint _channel;
    private uint _sequence;
    private uint _request;
    private int _disposed;
    private Task _receiving = Task.CompletedTask;
    private Task _renewing = Task.CompletedTask;

    private SecureChannel(ChunkSocket socket, ChannelSecurity security, TimeProvider time)
    {
        _socket = socket;
        _security = security;
        _opening = new OpenChannelMessages(security);
        _time = time;
        _chunk = new byte[socket.SendSize];
        _incoming = new IncomingMessages(security.Mode);
    }

    public Task<Exception> Closed => _closed.Task;

    /// <summary>Connects to a server and opens a channel.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The host cannot be reached.</exception>
    /// <exception cref="UaException">The server refused, or is none.</exception>
    public static async Task<SecureChannel> OpenAsync(Uri endpoint, ChannelSecurity security, TimeProvider time, CancellationToken cancel)
    {
        ChunkSocket socket = await ChunkSocket.ConnectAsync(endpoint, cancel).ConfigureAwait(false);
        SecureChannel channel;
        try
        {
            channel = new SecureChannel(socket, security, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        try
        {
            channel._receiving = channel.ReceiveAsync();
            TimeSpan lifetime = await channel.OpenAsync(renew: false, cancel).ConfigureAwait(false);
            channel._renewing = channel.RenewAsync(lifetime);
            return channel;
        }
        catch
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<TResponse> CallAsync<TResponse>(IServiceRequest<TResponse> request, NodeId authentication, TimeSpan timeout, CancellationToken cancel)
    {
        var pending = new PendingRequest<TResponse>(request);
        uint id = 0;
        try
        {
            await _gate.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                if (_closed.Task.IsCompleted)
                    throw Ended(await _closed.Task.ConfigureAwait(false));
                id = ++_request;
                _pending[id] = pending;
                _message.Clear();
                ServiceHeaders.WriteCall(_message, request, authentication, id, timeout, UaTime.From(_time.GetUtcNow()));
                await SendAsync(id).ConfigureAwait(false);
            }
            finally
            {
                _gate.Release();
            }

            return await pending.Answer.WaitAsync(timeout, _time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new UaException(StatusCodes.BadTimeout, $"The server has not answered {ServiceHeaders.NameOf(request)} within {timeout.TotalSeconds:0.#} s.", error);
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (!_closed.Task.IsCompleted && _channel != 0)
            await CloseAsync().ConfigureAwait(false);
        End(new UaException(StatusCodes.BadSecureChannelClosed, "The connection was closed on request."));
        await _receiving.ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        // The gate and the token are left to the collector: a caller that comes late shall find the channel ended, not them.
        _opening.Dispose();
        _incoming.Dispose();
    }

    // A server learns from this that the channel is not merely lost; it sends no answer.
    private async Task CloseAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);
        try
        {
            await _gate.WaitAsync(soon.Token).ConfigureAwait(false);
            try
            {
                _message.Clear();
                ServiceHeaders.WriteRequest(_message, 452, default, ++_request, TimeSpan.Zero, UaTime.From(_time.GetUtcNow()));
                int length = SymmetricChunks.Write(_chunk, "CLOF"u8, _channel, _token, _security.Mode, ++_sequence, _request, _message.Written);
                await _socket.SendAsync(_chunk.AsMemory(0, length), soon.Token).ConfigureAwait(false);
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    private async Task SendAsync(uint request)
    {
        int capacity = SymmetricChunks.Capacity(_chunk.Length, _security.Mode);
        int chunks = (_message.Length + capacity - 1) / capacity;
        if ((_socket.MaxMessageSize > 0 && _message.Length > _socket.MaxMessageSize) || (_socket.MaxChunkCount > 0 && chunks > _socket.MaxChunkCount))
            throw new UaException(StatusCodes.BadRequestTooLarge, $"A request of {_message.Length} bytes exceeds what the server takes ({_socket.MaxMessageSize} bytes, {_socket.MaxChunkCount} chunks).");
        for (int start = 0; start < _message.Length; start += capacity)
        {
            int count = Math.Min(capacity, _message.Length - start);
            ReadOnlySpan<byte> type = start + count == _message.Length ? "MSGF"u8 : "MSGC"u8;
            int length = SymmetricChunks.Write(_chunk, type, _channel, _token, _security.Mode, NextSequence(), request, _message.Written.Slice(start, count));
            try
            {
                await _socket.SendAsync(_chunk.AsMemory(0, length), _ended.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException)
            {
                var lost = new UaException(StatusCodes.BadConnectionClosed, $"The connection is lost: {error.Message}", error);
                End(lost);
                throw lost;
            }
        }
    }

    // Numbers start anew before they run out (OPC 10000-6, 6.7.2.4).
    private uint NextSequence() => _sequence = _sequence >= uint.MaxValue - 1024 ? 1 : _sequence + 1;

    private async Task<TimeSpan> OpenAsync(bool renew, CancellationToken cancel)
    {
        Task<TimeSpan> opened;
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            _opened = NewOpened();
            opened = _opened.Task;
            _nonce = RandomNumberGenerator.GetBytes(SecurityPolicy.NonceLength);
            await _socket.SendAsync(_opening.Write(_channel, NextSequence(), ++_request, renew, _nonce, Lifetime, UaTime.From(_time.GetUtcNow())), cancel).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }

        return await opened.WaitAsync(cancel).ConfigureAwait(false);
    }

    private async Task RenewAsync(TimeSpan lifetime)
    {
        try
        {
            while (true)
            {
                // At three quarters, as the specification advises: the old token still works while the new one is on its way.
                await Task.Delay(lifetime * 0.75, _time, _ended.Token).ConfigureAwait(false);
                lifetime = await OpenAsync(renew: true, _ended.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The channel has ended.
        }
        catch (Exception error) when (error is UaException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            End(error);
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
                Take(await _socket.ReceiveAsync(_ended.Token).ConfigureAwait(false));
        }
        catch (Exception error) when (error is UaException or System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException or CryptographicException)
        {
            End(error);
        }
    }

    private void Take(Memory<byte> chunk)
    {
        Span<byte> bytes = chunk.Span;
        if (bytes.StartsWith("OPNF"u8) && bytes.Length > 12)
        {
            var (sequence, _, channel, token, lifetime) = _opening.Read(bytes, _nonce);
            _incoming.Check(sequence);
            _channel = channel;
            _incoming.Add(token);
            _token = token;
            _opened.TrySetResult(lifetime);
        }
        else if (bytes.StartsWith("MSG"u8))
        {
            _incoming.Take(bytes, _channel, _pending);
        }
        else
        {
            throw new UaException(StatusCodes.BadTcpMessageTypeInvalid, "The server sent a chunk of an unknown type.");
        }
    }

    private void End(Exception error)
    {
        if (!_closed.TrySetResult(error))
            return;
        _ended.Cancel();
        _socket.Dispose();
        _opened.TrySetException(Ended(error));
        foreach (uint id in _pending.Keys)
        {
            if (_pending.TryRemove(id, out PendingRequest? pending))
                pending.Fail(Ended(error));
        }
    }

    private static UaException Ended(Exception error) =>
        error is UaException ua ? new UaException(ua.Status.Code, ua.Message, ua) : new UaException(StatusCodes.BadConnectionClosed, $"The connection is lost: {error.Message}", error);

    private static TaskCompletionSource<TimeSpan> NewOpened()
    {
        var opened = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Nobody may be waiting when the channel ends.
        _ = opened.Task.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return opened;
    }
}
