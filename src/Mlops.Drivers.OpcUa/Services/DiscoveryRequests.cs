using Mlops.Drivers.OpcUa.Binary;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>Asks how a server can be reached (OPC 10000-4, 5.5.4).</summary>
internal sealed record GetEndpointsRequest(string Url) : IServiceRequest<IReadOnlyList<EndpointDescription>>
{
    public uint TypeId => 428;

    public uint ResponseTypeId => 431;

    public void Write(UaWriter writer)
    {
        writer.String(Url);
        writer.Int32(-1);
        writer.Int32(-1);
    }

    public IReadOnlyList<EndpointDescription> Read(ref UaReader reader) => reader.List(1, EndpointDescription.Read) ?? [];
}

/// <summary>Asks which servers a server, or a discovery server, knows (OPC 10000-4, 5.5.2).</summary>
internal sealed record FindServersRequest(string Url) : IServiceRequest<IReadOnlyList<ApplicationDescription>>
{
    public uint TypeId => 422;

    public uint ResponseTypeId => 425;

    public void Write(UaWriter writer)
    {
        writer.String(Url);
        writer.Int32(-1);
        writer.Int32(-1);
    }

    public IReadOnlyList<ApplicationDescription> Read(ref UaReader reader) => reader.List(1, ApplicationDescription.Read) ?? [];
}
