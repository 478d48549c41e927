using Microsoft.Extensions.Logging;
using Mlops.Data;

namespace Mlops.Store.Labelling;

/// <summary>
/// Takes the labels of one binding as they arrive. Its cursor moves in the transaction that stores the labels, so each record becomes
/// a label once, also across restarts.
/// </summary>
internal sealed class LabelFollower(LabelBinding binding, LabelStore labels, IFeedStore store, IFeedReader reader, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);
    private readonly LabelReader _reader = new(binding);
    private readonly string _cursor = CursorName(binding);

    /// <summary>Gets the name of a binding's cursor.</summary>
    public static string CursorName(LabelBinding binding) => $"labels:{binding.From}:{binding.Feed}:{binding.Set}";

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await FollowAsync(stop).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ArgumentException)
            {
                Log.LabelsNotTaken(logger, e, binding.From, binding.Feed);
                await Task.Delay(RetryDelay, time, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        await foreach (RecordBatch batch in reader.FollowAsync(binding.From, store.GetCursor(_cursor) ?? 0, stop).ConfigureAwait(false))
        {
            using (batch)
            {
                long last = batch.Positions[^1];
                (List<Label> found, int useless) = _reader.Read(batch);
                if (useless > 0)
                    Log.RecordsWithoutLabel(logger, binding.From, useless, binding.Feed, binding.ValueField, binding.FromField.Length > 0 ? binding.FromField : binding.KeyField);

                // A label must not outlive a crash that its record does not.
                await reader.WaitCommittedAsync(binding.From, last, stop).ConfigureAwait(false);
                await labels.AddAsync(binding.Feed, found, _cursor, last, stop).ConfigureAwait(false);
            }
        }
    }
}
