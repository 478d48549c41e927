using Mlops.Drivers.OpcUa.Binary;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>How a user can show who it is (OPC 10000-4, 7.42).</summary>
internal sealed record UserTokenPolicy(string Id, UserTokenType Type, string? PolicyUri)
{
    public static UserTokenPolicy Read(ref UaReader reader)
    {
        string id = reader.String() ?? "";
        var type = (UserTokenType)reader.Int32();
        reader.String();
        reader.String();
        return new UserTokenPolicy(id, type, reader.String() is { Length: > 0 } uri ? uri : null);
    }
}
