namespace Mlops.Drivers.OpcUa.Client;

/// <summary>How many operations a server takes in one request (OPC 10000-5, 6.3.11).</summary>
internal sealed record OperationLimits(int Read, int Write, int Browse, int TranslateBrowsePaths, int MonitoredItems)
{
    // What is asked for at most of a server that tells no limit: small enough to be answered in time.
    private const int Most = 1000;

    /// <summary>The nodes that hold the limits, in the order of the properties.</summary>
    public static readonly uint[] Nodes = [11705, 11707, 11710, 11712, 11714];

    public static OperationLimits Default { get; } = From([0, 0, 0, 0, 0]);

    public static OperationLimits From(IReadOnlyList<long> values) =>
        new(Limit(values[0]), Limit(values[1]), Limit(values[2]), Limit(values[3]), Limit(values[4]));

    private static int Limit(long value) => value is > 0 and < Most ? (int)value : Most;
}
