using Mlops.Data;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Makes records of what a server reports or is asked for, by the plans of the feeds, and writes them.</summary>
internal sealed class FeedRecords(AppliedPlans plans, IRecordSink sink, GapCounts gaps, TimeProvider time)
{
    /// <summary>Takes a message of a subscription.</summary>
    public async ValueTask TakeAsync(UaSubscription subscription, Notification notification, CancellationToken stop)
    {
        await plans.Gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            gaps.Received(notification.Changes.Count + notification.Occurrences.Count);
            if (plans.Of(subscription) is { } plan && plan.Take(notification) is { } batch)
                await WriteAsync(plan, batch, stop).ConfigureAwait(false);
        }
        finally
        {
            plans.Gate.Release();
        }
    }

    /// <summary>Gives what has to be done for a plan all the time beside taking messages; null when there is nothing.</summary>
    public Task? Periodic(FeedPlan plan, UaSession session, CancellationToken stop) =>
        plan is not ValuePlan values ? null
        : !plan.IsSubscribed ? ReadInCycleAsync(values, session, stop)
        : plan.Group.Heartbeat is { } heartbeat ? BeatAsync(values, heartbeat, stop)
        : null;

    private async Task ReadInCycleAsync(ValuePlan plan, UaSession session, CancellationToken stop)
    {
        AttributeOf[] attributes = [.. plan.Nodes.Select(n => new AttributeOf(n.Id))];
        using var timer = new PeriodicTimer(plan.Interval, time);
        do
        {
            IReadOnlyList<DataValue> values = await session.ReadAsync(attributes, stop).ConfigureAwait(false);
            gaps.Received(values.Count);
            await WriteAsync(plan, plan.Assembler.Read(values), stop).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
    }

    private async Task BeatAsync(ValuePlan plan, TimeSpan heartbeat, CancellationToken stop)
    {
        while (true)
        {
            TimeSpan left = heartbeat - time.GetElapsedTime(plan.Written);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, stop).ConfigureAwait(false);
                continue;
            }

            await plans.Gate.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                if (plan.Assembler.KnowsAny)
                    await WriteAsync(plan, plan.Assembler.Repeat(), stop).ConfigureAwait(false);
                else
                    plan.Written = time.GetTimestamp();
            }
            finally
            {
                plans.Gate.Release();
            }
        }
    }

    private async ValueTask WriteAsync(FeedPlan plan, RecordBatch batch, CancellationToken stop)
    {
        using (batch)
        {
            plan.NewestTime = Math.Max(plan.NewestTime, batch.Timestamps[^1]);
            await sink.WriteAsync(batch, stop).ConfigureAwait(false);
        }

        plan.Written = time.GetTimestamp();
    }
}
