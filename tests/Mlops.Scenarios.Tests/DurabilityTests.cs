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
        var news = new Dictionary<string, bool>(); // By socket with a message that is not acknowledged yet: whether the log was synced since.
        foreach ((string line, IReadOnlySet<string> before) in Whole(File.ReadLines(trace)))
        {
            if (Socket().Match(line) is { Success: true, Value: string socket })
            {
                byte? first = FirstByte().Match(line) is { Success: true } match ? byte.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null;
                if (Receives().IsMatch(line) && first >> 4 == 3)
                {
                    news[socket] = false;
                }
                else if (Sends().IsMatch(line) && first == Puback)
                {
                    acknowledged++;
                    news.Remove(socket, out bool isDurable).ShouldBeTrue($"the PUBACK number {acknowledged} answers nothing");
                    isDurable.ShouldBeTrue($"the PUBACK number {acknowledged} left before the log was on the disk");
                }
            }
            else if (Syncs().IsMatch(line) && line.Contains("mlops.db-wal", StringComparison.Ordinal))
            {
                line.ShouldEndWith("= 0");
                synced++;
                foreach (string waiting in news.Keys.Except(before).ToArray())
                    news[waiting] = true;
            }
        }

        acknowledged.ShouldBe(groups + 1);
        synced.ShouldBeGreaterThanOrEqualTo(groups);
    }

    /// <summary>
    /// Puts calls together that another thread interrupted in the trace. Sending counts from its beginning, syncing and receiving from
    /// its end; with each come the sockets on which something was received since it began, for which a sync proves nothing.
    /// </summary>
    private static IEnumerable<(string Line, IReadOnlySet<string> ReceivedMeanwhile)> Whole(IEnumerable<string> lines)
    {
        var open = new Dictionary<string, (string Begun, HashSet<string> Received)>();
        foreach (string line in lines)
        {
            Match call = Call().Match(line);
            if (!call.Success)
                continue;
            (string thread, string text) = (call.Groups[1].Value, call.Groups[2].Value);
            HashSet<string> received = [];
            if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                if (Sends().IsMatch(text))
                    yield return (text, received);
                else
                    open[thread] = (text[..^"<unfinished ...>".Length], received);
                continue;
            }

            if (Resumed().Match(text) is { Success: true } resumed)
            {
                if (!open.Remove(thread, out var before))
                    continue;
                (text, received) = (before.Begun + resumed.Groups[1].Value, before.Received);
            }

            if (Receives().IsMatch(text) && Socket().Match(text) is { Success: true, Value: string socket })
            {
                foreach (var other in open.Values)
                    other.Received.Add(socket);
            }

            yield return (text, received);
        }
    }

    [GeneratedRegex(@"socket:\[\d+\]")]
    private static partial Regex Socket();

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
