using Mlops.Drivers.OpcUa.Binary;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>A service's request, which knows how its response is read (OPC 10000-4, 5).</summary>
internal interface IServiceRequest<TResponse>
{
    /// <summary>Gets the id of the request's binary encoding in namespace 0 (OPC 10000-6, A.3).</summary>
    uint TypeId { get; }

    /// <summary>Gets the id of the response's binary encoding.</summary>
    uint ResponseTypeId { get; }

    /// <summary>Writes what follows the request header.</summary>
    void Write(UaWriter writer);

    /// <summary>Reads what follows the response header.</summary>
    TResponse Read(ref UaReader reader);
}
