using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Security;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>How a server can be reached (OPC 10000-4, 7.14).</summary>
internal sealed record EndpointDescription(
    string Url, ApplicationDescription Server, byte[] Certificate, MessageSecurityMode Mode, string PolicyUri, IReadOnlyList<UserTokenPolicy> UserTokens, byte Level)
{
    public static EndpointDescription Read(ref UaReader reader) => new(
        reader.String() ?? "",
        ApplicationDescription.Read(ref reader),
        reader.ByteString() ?? [],
        (MessageSecurityMode)reader.Int32(),
        reader.String() ?? "",
        reader.List(1, UserTokenPolicy.Read) ?? [],
        LevelAfterTransport(ref reader));

    public override string ToString() => $"{SecurityPolicy.Find(PolicyUri)?.Name ?? PolicyUri} {Mode}";

    private static byte LevelAfterTransport(ref UaReader reader)
    {
        reader.String();
        return reader.Byte();
    }
}
