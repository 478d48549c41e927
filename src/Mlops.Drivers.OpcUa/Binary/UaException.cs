using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Binary;

/// <summary>Something went wrong with a server; the status says what in the specification's words.</summary>
internal sealed class UaException : IOException
{
    public UaException(uint status, string message, Exception? inner = null)
        : base(message, inner) => Status = new StatusCode(status);

    public UaException(StatusCode status, string message)
        : base(message) => Status = status;

    public StatusCode Status { get; }
}
