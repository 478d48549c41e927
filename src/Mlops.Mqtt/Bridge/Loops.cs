namespace Mlops.Mqtt.Bridge;

/// <summary>Finds what could go round between two brokers.</summary>
internal static class Loops
{
    /// <summary>Finds a filter under which messages come back to where they were taken from; null when there is none.</summary>
    public static string? Find(IEnumerable<MqttBridgeTopic> topics)
    {
        var all = topics.ToArray();
        return (from outward in all
                where (outward.Direction & MqttBridgeDirection.Out) != 0
                from inward in all
                where (inward.Direction & MqttBridgeDirection.In) != 0
                where Overlap(outward.RemotePrefix + outward.Filter, inward.RemotePrefix + inward.Filter)
                    && Overlap(outward.LocalPrefix + outward.Filter, inward.LocalPrefix + inward.Filter)
                select outward.Filter).FirstOrDefault();
    }

    /// <summary>Tells whether there are topics that both filters match.</summary>
    public static bool Overlap(string left, string right)
    {
        string[] a = left.Split('/'), b = right.Split('/');
        for (int i = 0; ; i++)
        {
            bool aEnds = i == a.Length, bEnds = i == b.Length;
            if (aEnds || bEnds)
                return (aEnds || a[i] == "#") && (bEnds || b[i] == "#");
            if (a[i] == "#" || b[i] == "#")
                return true;
            if (a[i] != "+" && b[i] != "+" && a[i] != b[i])
                return false;
        }
    }
}
