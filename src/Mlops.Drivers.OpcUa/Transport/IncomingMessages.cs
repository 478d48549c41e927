using System.Buffers.Binary;
using System.Collections.Concurrent;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Transport;

/// <summary>Puts messages together from their chunks. Used by the receiving task only.</summary>
internal sealed class IncomingMessages(MessageSecurityMode mode) : IDisposable
{
    private readonly Dictionary<uint, UaWriter> _parts = [];
    private readonly Stack<UaWriter> _free = [];
    private ChannelToken? _token;
    private ChannelToken? _before;
    private uint? _sequence;
    private long _held;

    /// <summary>A new token; what the server sent under the one before may still be on its way.</summary>
    public void Add(ChannelToken token)
    {
        _before?.Dispose();
        _before = _token;
        _token = token;
    }

    /// <summary>Numbers follow each other; after the last ones they start anew below 1024 (OPC 10000-6, 6.7.2.4).</summary>
    public void Check(uint sequence)
    {
        bool follows = _sequence is not { } last || sequence == last + 1 || (last > uint.MaxValue - 1024 && sequence < 1024);
        if (!follows)
            throw new UaException(StatusCodes.BadSequenceNumberInvalid, $"A chunk from the server has number {sequence} after {_sequence}.");
        _sequence = sequence;
    }

    public void Take(Span<byte> chunk, uint channel, ConcurrentDictionary<uint, PendingRequest> pending)
    {
        if (chunk.Length < SymmetricChunks.HeadLength + 8 || BinaryPrimitives.ReadUInt32LittleEndian(chunk[8..]) != channel)
            throw new UaException(StatusCodes.BadSecureChannelIdInvalid, "The server sent a chunk of another channel.");
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(chunk[12..]);
        ChannelToken token = _token?.Id == id ? _token : _before?.Id == id ? _before
            : throw new UaException(StatusCodes.BadSecureChannelTokenUnknown, $"The server sent a chunk under the unknown token {id}.");
        var (sequence, request, range) = SymmetricChunks.Open(chunk, token, mode);
        Check(sequence);
        ReadOnlySpan<byte> body = chunk[range];
        switch (chunk[3])
        {
            case (byte)'F':
                Finish(request, body, pending);
                break;
            case (byte)'C':
                Hold(request, body);
                break;
            case (byte)'A':
                Abort(request, body, pending);
                break;
            default:
                throw new UaException(StatusCodes.BadTcpMessageTypeInvalid, "The server sent a chunk of an unknown type.");
        }
    }

    public void Dispose()
    {
        _before?.Dispose();
        _token?.Dispose();
    }

    private void Finish(uint request, ReadOnlySpan<byte> body, ConcurrentDictionary<uint, PendingRequest> pending)
    {
        if (!_parts.Remove(request, out UaWriter? parts))
        {
            // Nobody waits any more for an answer that came too late.
            if (pending.TryRemove(request, out PendingRequest? waiting))
                waiting.Complete(body);
            return;
        }

        parts.Raw(body);
        if (pending.TryRemove(request, out PendingRequest? whole))
            whole.Complete(parts.Written);
        Free(parts, body.Length);
    }

    private void Hold(uint request, ReadOnlySpan<byte> body)
    {
        if (!_parts.TryGetValue(request, out UaWriter? parts))
            _parts[request] = parts = _free.TryPop(out UaWriter? free) ? free : new UaWriter();
        _held += body.Length;
        if (_held > UaLimits.MessageSize)
            throw new UaException(StatusCodes.BadResponseTooLarge, $"An answer from the server exceeds {UaLimits.MessageSize} bytes.");
        parts.Raw(body);
    }

    private void Abort(uint request, ReadOnlySpan<byte> body, ConcurrentDictionary<uint, PendingRequest> pending)
    {
        if (_parts.Remove(request, out UaWriter? parts))
            Free(parts, 0);
        var reader = new UaReader(body);
        StatusCode status = reader.Status();
        string? reason = reader.String();
        if (pending.TryRemove(request, out PendingRequest? waiting))
            waiting.Fail(new UaException(status, $"The server gave up its answer: {status} ({reason})."));
    }

    private void Free(UaWriter parts, int last)
    {
        _held -= parts.Length - last;
        parts.Clear();
        // One large answer shall not be held forever by many buffers.
        if (_free.Count < 2)
            _free.Push(parts);
    }
}
