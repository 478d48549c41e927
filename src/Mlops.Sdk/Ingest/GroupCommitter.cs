using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Messaging;
using Mlops.Store;

namespace Mlops.Ingest;

/// <summary>
/// Makes groups durable, one after the other, and then acknowledges them in the order of arrival. While the disk refuses, a group
/// is kept and tried again: nothing is acknowledged and nothing is lost.
/// </summary>
internal sealed class GroupCommitter(
    IFeedStore store, DeadLetterFiles letters, IngestInstruments instruments, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    /// <summary>Commits and acknowledges. Never throws; when abandoned, the group stays unacknowledged and its writers hear so.</summary>
    public async Task CommitAsync(CommitGroup group, CancellationToken abandon)
    {
        try
        {
            long started = Stopwatch.GetTimestamp();
            if (group.Batches.Count > 0)
                await StoreAsync(group, abandon).ConfigureAwait(false);
            if (group.Letters.Count > 0)
                letters.Write(group.Letters);
            instruments.Committed(Stopwatch.GetElapsedTime(started), group.Records);
            foreach (BusAcknowledgement acknowledgement in group.Acknowledgements)
                acknowledgement.Complete();
            foreach (TaskCompletionSource writer in group.Writers)
                writer.TrySetResult();
        }
        catch (Exception e)
        {
            Log.GroupAbandoned(logger, group.Records, e);
            Fail(group.Writers, e);
        }
    }

    /// <summary>Says that the disk refuses.</summary>
    public void Refused(Exception reason, TimeSpan pause)
    {
        if (instruments.Refused(reason.Message, time.GetUtcNow()))
            Log.StoreRefuses(logger, pause, reason);
    }

    public static void Fail(List<TaskCompletionSource> writers, Exception reason)
    {
        foreach (TaskCompletionSource writer in writers)
            writer.TrySetException(new IOException($"The records were not stored: {reason.Message} Write them again.", reason));
    }

    private async Task StoreAsync(CommitGroup group, CancellationToken abandon)
    {
        try
        {
            await CommitAsync(group.Batches, abandon).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Not the disk, so one feed's records must be at fault: they shall not take the others with them.
            Log.GroupSplit(logger, group.Batches.Count, e);
            Exception? lost = null;
            foreach (IGrouping<string, RecordBatch> feed in group.Batches.GroupBy(b => b.Schema.Feed, StringComparer.Ordinal).ToList())
            {
                try
                {
                    await CommitAsync([.. feed], abandon).ConfigureAwait(false);
                }
                catch (Exception own) when (own is not OperationCanceledException)
                {
                    lost = own;
                    int records = feed.Sum(b => b.Count);
                    instruments.RecordsLost(records);
                    Log.FeedRefused(logger, records, feed.Key, own);
                }
            }

            if (lost is not null)
                Fail(group.Writers, lost);
        }
    }

    private async Task CommitAsync(List<RecordBatch> batches, CancellationToken abandon)
    {
        var commit = new StoreCommit();
        foreach (RecordBatch batch in batches)
            commit.Batches.Add(batch);
        TimeSpan pause = FirstRetry;
        while (true)
        {
            try
            {
                await store.CommitAsync(commit, abandon).ConfigureAwait(false);
                if (instruments.Accepted())
                    Log.StoreAcceptsAgain(logger);
                return;
            }
            catch (IOException e)
            {
                Refused(e, pause);
                await Task.Delay(pause, time, abandon).ConfigureAwait(false);
                pause = pause * 2 < LastRetry ? pause * 2 : LastRetry;
            }
        }
    }
}
