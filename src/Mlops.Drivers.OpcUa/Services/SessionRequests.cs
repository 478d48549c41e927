using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>Asks for a session (OPC 10000-4, 5.7.2).</summary>
internal sealed record CreateSessionRequest(ApplicationDescription Client, string EndpointUrl, string Name, byte[] Nonce, byte[]? Certificate, TimeSpan Timeout)
    : IServiceRequest<CreatedSession>
{
    public uint TypeId => 461;

    public uint ResponseTypeId => 464;

    public void Write(UaWriter writer)
    {
        Client.Write(writer);
        writer.String(null);
        writer.String(EndpointUrl);
        writer.String(Name);
        writer.ByteString(Nonce);
        writer.ByteString(Certificate);
        writer.Double(Timeout.TotalMilliseconds);
        writer.UInt32(UaLimits.MessageSize);
    }

    public CreatedSession Read(ref UaReader reader)
    {
        NodeId session = reader.NodeId();
        NodeId token = reader.NodeId();
        double timeout = reader.Double();
        byte[] nonce = reader.ByteString() ?? [];
        byte[] certificate = reader.ByteString() ?? [];
        EndpointDescription[] endpoints = reader.List(1, EndpointDescription.Read) ?? [];
        // Certificates of software are no longer used (OPC 10000-4, 5.7.2).
        for (int left = reader.Count(8); left > 0; left--)
        {
            reader.ByteString();
            reader.ByteString();
        }

        reader.String();
        byte[] signature = reader.ByteString() ?? [];
        return new CreatedSession(session, token, TimeSpan.FromMilliseconds(Math.Clamp(timeout, 1_000, 86_400_000)), nonce, certificate, endpoints, signature);
    }
}

/// <summary>A session that is to be activated.</summary>
internal sealed record CreatedSession(
    NodeId Id, NodeId Token, TimeSpan Timeout, byte[] Nonce, byte[] Certificate, IReadOnlyList<EndpointDescription> Endpoints, byte[] Signature);

/// <summary>A user's identity, or a signature.</summary>
internal sealed record SignatureData(string? Algorithm, byte[]? Signature)
{
    public static SignatureData None { get; } = new(null, null);

    public void Write(UaWriter writer)
    {
        writer.String(Algorithm);
        writer.ByteString(Signature);
    }
}

/// <summary>Binds a session to this channel and to a user (OPC 10000-4, 5.7.3).</summary>
internal sealed record ActivateSessionRequest(SignatureData ClientSignature, Action<UaWriter> Identity, SignatureData UserSignature) : IServiceRequest<byte[]>
{
    public uint TypeId => 467;

    public uint ResponseTypeId => 470;

    public void Write(UaWriter writer)
    {
        ClientSignature.Write(writer);
        writer.Int32(-1);
        writer.Int32(-1);
        Identity(writer);
        UserSignature.Write(writer);
    }

    /// <returns>The server's next nonce.</returns>
    public byte[] Read(ref UaReader reader) => reader.ByteString() ?? [];
}

/// <summary>Ends a session (OPC 10000-4, 5.7.4).</summary>
internal sealed record CloseSessionRequest(bool DeleteSubscriptions) : IServiceRequest<bool>
{
    public uint TypeId => 473;

    public uint ResponseTypeId => 476;

    public void Write(UaWriter writer) => writer.Boolean(DeleteSubscriptions);

    public bool Read(ref UaReader reader) => true;
}
