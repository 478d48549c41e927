using System.Globalization;
using Mlops.Data;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Fetches what a feed has missed from the server's history, and remembers how far a feed goes. After a crash a few records are fetched twice, none is left out.</summary>
internal sealed class HistoryFeed(IRecordSink sink, TimeProvider time)
{
    private readonly Dictionary<string, long> _remembered = [];

    /// <summary>Writes records of what was since the feed's newest record, but not longer ago than <paramref name="reach"/>.</summary>
    /// <returns>The nodes whose history the server does not tell, with the reason.</returns>
    public async Task<IReadOnlyList<string>> FetchAsync(UaSession session, ValuePlan plan, TimeSpan reach, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        long from = EpochTime.FromDateTimeOffset(now - reach);
        IReadOnlyDictionary<string, string> remembered = await sink.RecallAsync(cancel).ConfigureAwait(false);
        if (remembered.TryGetValue(Key(plan), out string? text) && long.TryParse(text, CultureInfo.InvariantCulture, out long newest))
            from = Math.Max(from, newest);
        var reader = new HistoryReader(session, plan.Nodes);
        await foreach (IReadOnlyList<(int Node, DataValue Value)> values in reader.ReadAsync(UaTime.FromNanoseconds(from), UaTime.From(now), cancel).ConfigureAwait(false))
        {
            if (plan.Assembler.Past(values) is not { } batch)
                continue;
            using (batch)
            {
                plan.NewestTime = batch.Timestamps[^1];
                await sink.WriteAsync(batch, cancel).ConfigureAwait(false);
            }
        }

        return reader.Refused;
    }

    /// <summary>Remembers how far the feeds go that are fetched from history.</summary>
    public async Task RememberAsync(IReadOnlyList<FeedPlan> plans)
    {
        foreach (FeedPlan plan in plans.Where(p => p.Group.History is not null && p.NewestTime != 0))
        {
            if (_remembered.GetValueOrDefault(plan.Group.Name) == plan.NewestTime)
                continue;
            _remembered[plan.Group.Name] = plan.NewestTime;
            await sink.RememberAsync(Key(plan), plan.NewestTime.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        }
    }

    private static string Key(FeedPlan plan) => $"history.{plan.Group.Name}";
}
