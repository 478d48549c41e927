namespace Mlops.Web;

/// <summary>How a collector of OTLP is spoken to.</summary>
public enum OtlpProtocol
{
    /// <summary>Protocol buffers over HTTP, usually on port 4318.</summary>
    HttpProtobuf,

    /// <summary>gRPC, usually on port 4317.</summary>
    Grpc,
}
