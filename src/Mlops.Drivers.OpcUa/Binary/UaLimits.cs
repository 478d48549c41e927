namespace Mlops.Drivers.OpcUa.Binary;

/// <summary>What a peer may make this side hold.</summary>
internal static class UaLimits
{
    /// <summary>Structures within structures.</summary>
    public const int Nesting = 64;

    /// <summary>Bytes of a whole message, put together from its chunks.</summary>
    public const int MessageSize = 64 * 1024 * 1024;

    /// <summary>Chunks of a message.</summary>
    public const int ChunkCount = 4096;

    /// <summary>Bytes of a chunk.</summary>
    public const int ChunkSize = 64 * 1024;
}
