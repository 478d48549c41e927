namespace Mlops.Mqtt.Tests.Peers;

/// <summary>How much a test does: little in every run, all of it when MLOPS_SOAK=1.</summary>
internal static class Counts
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1";

    public static int Of(int reduced, int full) => IsSoak ? full : reduced;
}
