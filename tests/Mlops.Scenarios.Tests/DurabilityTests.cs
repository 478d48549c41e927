using System.Globalization;
using System.Text.RegularExpressions;
using Mlops.Mqtt;
using Mlops.Scenarios.Tests.Nodes;

namespace Mlops.Scenarios.Tests;

/// <summary>What the kernel sees of a node that acknowledges.</summary>
public sealed partial class DurabilityTests : IDisposable
{
    private const byte Puback = 0x40;
    private readonly string _folder = RunningNode.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Puback_OfEachGroup_FollowsAFinishedSyncOfTheLog()
    {
        const string App = "press1", Collection = "cycle";
        int groups = Repository.Count(30, 1000);
        string trace = Path.Combine(_folder, "trace");
        string data = Path.Combine(_folder, "data");
        string[] strace = ["strace", "-f", "--seccomp-bpf", "-y", "-x", "-s", "16", "-e", "trace=fdatasync,fsync,recvmsg,recvfrom,sendmsg,sendto", "-o", trace];
        await using (RunningNode node = await RunningNode.StartAsync(strace, data))
        {
            await using MqttClient client = await node.ConnectAsync(App);
            await client.PublishAsync(BusText.MetadataTopic(App), BusText.Metadata(App, [Collection]), MqttQualityOfService.AtLeastOnce, retain: true);

            // One after the other: each message is a group, which begins after the PUBACK of the one before.
            for (int i = 0; i < groups; i++)
                await client.PublishAsync(BusText.Topic(App, Collection), BusText.Record(i + 1, i), MqttQualityOfService.AtLeastOnce);
            await node.StopAsync();
        }

        int acknowledged = 0, synced = 0;
        bool isNew = false, isDurable = false;
        foreach (string line in Whole(File.ReadLines(trace)))
        {
            if (line.Contains("socket:", StringComparison.Ordinal))
            {
                byte? first = FirstByte().Match(line) is { Success: true } match ? byte.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null;
                if (Receives().IsMatch(line) && first >> 4 == 3)
                {
                    (isNew, isDurable) = (true, false);
                }
                else if (Sends().IsMatch(line) && first == Puback)
                {
                    acknowledged++;
                    (isNew && isDurable).ShouldBeTrue($"the PUBACK number {acknowledged} left before the log was on the disk");
                    isNew = false;
                }
            }
            else if (Syncs().IsMatch(line) && line.Contains("mlops.db-wal", StringComparison.Ordinal))
            {
                line.ShouldEndWith("= 0");
                synced++;
                isDurable = isNew;
            }
        }

        acknowledged.ShouldBe(groups + 1);
        synced.ShouldBeGreaterThanOrEqualTo(groups);
    }

    /// <summary>
    /// Puts calls together that another thread interrupted in the trace. Sending counts from its beginning, syncing and receiving from
    /// its end, and a sync only when it began after what it is to prove was received.
    /// </summary>
    private static IEnumerable<string> Whole(IEnumerable<string> lines)
    {
        var open = new Dictionary<string, string>();
        var spoiled = new HashSet<string>();
        foreach (string line in lines)
        {
            Match call = Call().Match(line);
            if (!call.Success)
                continue;
            (string thread, string text) = (call.Groups[1].Value, call.Groups[2].Value);
            if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                if (Sends().IsMatch(text))
                    yield return text;
                else
                    open[thread] = text[..^"<unfinished ...>".Length];
                continue;
            }

            if (Resumed().Match(text) is { Success: true } resumed)
            {
                if (!open.Remove(thread, out string? begun))
                    continue;
                text = begun + resumed.Groups[1].Value;
                if (spoiled.Remove(thread) && Syncs().IsMatch(text))
                    continue;
            }

            if (Receives().IsMatch(text))
                spoiled.UnionWith(open.Keys);
            yield return text;
        }
    }

    [GeneratedRegex(@"^(\d+) +(.*?) *$")]
    private static partial Regex Call();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>(.*)$")]
    private static partial Regex Resumed();

    // Which of the two it is depends on how SQLite was built.
    [GeneratedRegex("^f(data)?sync")]
    private static partial Regex Syncs();

    [GeneratedRegex("^recv")]
    private static partial Regex Receives();

    [GeneratedRegex("^send")]
    private static partial Regex Sends();

    [GeneratedRegex(@"""\\x([0-9a-f]{2})")]
    private static partial Regex FirstByte();
}
