using System.Buffers.Binary;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Transport;

/// <summary>Cuts messages into chunks, signs and encrypts them, and opens those that come (OPC 10000-6, 6.7.2 and 6.7.6).</summary>
internal static class SymmetricChunks
{
    /// <summary>Bytes before what is encrypted: type, size, channel, token.</summary>
    public const int HeadLength = 16;

    private const int SequenceLength = 8;

    /// <summary>Gets how many bytes of a message fit into a chunk.</summary>
    public static int Capacity(int chunkSize, MessageSecurityMode mode)
    {
        int room = chunkSize - HeadLength;
        return mode switch
        {
            MessageSecurityMode.SignAndEncrypt => (room / SecurityPolicy.BlockLength * SecurityPolicy.BlockLength) - SequenceLength - SecurityPolicy.SignatureLength - 1,
            MessageSecurityMode.Sign => room - SequenceLength - SecurityPolicy.SignatureLength,
            _ => room - SequenceLength,
        };
    }

    /// <summary>Writes a chunk.</summary>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> chunk, ReadOnlySpan<byte> type, uint channel, ChannelToken token, MessageSecurityMode mode, uint sequence, uint request, ReadOnlySpan<byte> body)
    {
        type.CopyTo(chunk);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[8..], channel);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[12..], token.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[16..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[20..], request);
        body.CopyTo(chunk[24..]);
        int length = HeadLength + SequenceLength + body.Length;
        if (mode == MessageSecurityMode.SignAndEncrypt)
        {
            int open = length - HeadLength + 1 + SecurityPolicy.SignatureLength;
            int padding = (SecurityPolicy.BlockLength - (open % SecurityPolicy.BlockLength)) % SecurityPolicy.BlockLength;
            chunk.Slice(length, padding + 1).Fill((byte)padding);
            length += padding + 1;
        }

        int size = mode == MessageSecurityMode.None ? length : length + SecurityPolicy.SignatureLength;
        BinaryPrimitives.WriteInt32LittleEndian(chunk[4..], size);
        if (mode != MessageSecurityMode.None)
            token.Sending!.Sign(chunk[..length], chunk.Slice(length, SecurityPolicy.SignatureLength));
        if (mode == MessageSecurityMode.SignAndEncrypt)
            token.Sending!.Encrypt(chunk[HeadLength..size]);
        return size;
    }

    /// <summary>Checks and decrypts a chunk in place.</summary>
    /// <returns>Sequence number, request, and the part of the message.</returns>
    /// <exception cref="UaException">The chunk was not made with the channel's keys.</exception>
    public static (uint Sequence, uint Request, Range Body) Open(Span<byte> chunk, ChannelToken token, MessageSecurityMode mode)
    {
        int end = chunk.Length;
        if (mode == MessageSecurityMode.SignAndEncrypt)
        {
            if ((end - HeadLength) % SecurityPolicy.BlockLength != 0)
                throw Wrong("it is no multiple of the cipher's blocks");
            token.Receiving!.Decrypt(chunk[HeadLength..]);
        }

        if (mode != MessageSecurityMode.None)
        {
            end -= SecurityPolicy.SignatureLength;
            if (end < HeadLength + SequenceLength || !token.Receiving!.Verify(chunk[..end], chunk[end..]))
                throw Wrong("its signature is wrong");
        }

        if (mode == MessageSecurityMode.SignAndEncrypt)
            end -= chunk[end - 1] + 1;
        if (end < HeadLength + SequenceLength)
            throw Wrong("it is too short");
        return (BinaryPrimitives.ReadUInt32LittleEndian(chunk[16..]), BinaryPrimitives.ReadUInt32LittleEndian(chunk[20..]), 24..end);
    }

    private static UaException Wrong(string what) => new(StatusCodes.BadSecurityChecksFailed, $"The server sent a chunk that cannot be opened: {what}.");
}
