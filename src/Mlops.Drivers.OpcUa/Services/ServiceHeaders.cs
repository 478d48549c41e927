using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>The headers of all services (OPC 10000-4, 7.33 and 7.34).</summary>
internal static class ServiceHeaders
{
    private const uint ServiceFault = 397;

    public static void WriteRequest(UaWriter writer, uint type, NodeId authentication, uint handle, TimeSpan timeout, UaTime now)
    {
        writer.NodeId(new NodeId(type));
        writer.NodeId(authentication);
        writer.Time(now);
        writer.UInt32(handle);
        writer.UInt32(0);
        writer.String(null);
        writer.UInt32((uint)Math.Clamp(timeout.TotalMilliseconds, 0, uint.MaxValue));
        writer.ExtensionObject(null);
    }

    /// <summary>Writes a whole request.</summary>
    public static void WriteCall<TResponse>(UaWriter writer, IServiceRequest<TResponse> request, NodeId authentication, uint handle, TimeSpan timeout, UaTime now)
    {
        // A publish request waits as long as there is nothing to report; the server shall not drop it.
        WriteRequest(writer, request.TypeId, authentication, handle, request is PublishRequest ? TimeSpan.Zero : timeout, now);
        request.Write(writer);
    }

    /// <summary>Reads a whole answer.</summary>
    /// <exception cref="UaException">It is another one, or tells of a failure.</exception>
    public static TResponse ReadAnswer<TResponse>(ReadOnlySpan<byte> answer, IServiceRequest<TResponse> request)
    {
        var reader = new UaReader(answer);
        ReadResponse(ref reader, request.ResponseTypeId, request);
        return request.Read(ref reader);
    }

    /// <summary>Returns what the specification calls the service of a request; a text is the name already.</summary>
    public static string NameOf(object request) => request as string ?? request.GetType().Name.Replace("Request", "", StringComparison.Ordinal);

    /// <summary>Reads the header of a response that shall be of a type.</summary>
    /// <exception cref="UaException">It is another one, or tells of a failure.</exception>
    public static void ReadResponse(ref UaReader reader, uint expected, object request)
    {
        NodeId type = reader.NodeId();
        reader.Time();
        reader.UInt32();
        StatusCode result = reader.Status();
        reader.SkipDiagnosticInfo();
        reader.Strings();
        reader.ExtensionObject();
        if (result.IsBad || type == new NodeId(ServiceFault))
            throw new UaException(result.IsBad ? result : new StatusCode(StatusCodes.BadUnexpectedError), $"The server refused {NameOf(request)}: {result}.");
        if (type != new NodeId(expected))
            throw new UaException(StatusCodes.BadUnknownResponse, $"The server answered {NameOf(request)} with {type} instead of i={expected}.");
    }
}
