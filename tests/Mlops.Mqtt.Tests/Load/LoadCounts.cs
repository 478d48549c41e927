namespace Mlops.Mqtt.Tests.Load;

/// <summary>How much the tests of this folder load the broker.</summary>
internal static class LoadCounts
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1";

    public static int Of(int reduced, int full) => IsSoak ? full : reduced;
}
