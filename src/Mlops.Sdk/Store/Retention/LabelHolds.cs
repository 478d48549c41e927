using Microsoft.Extensions.Options;
using Mlops.Store.Labelling;

namespace Mlops.Store.Retention;

/// <summary>Holds records of feeds of labels until they have become labels.</summary>
internal sealed class LabelHolds(IFeedStore store, IOptions<LabelOptions> options) : IRetentionHold
{
    public IEnumerable<HeldRecords> Held() => options.Value.Labels.Select(binding =>
        new HeldRecords(binding.From, store.GetCursor(LabelFollower.CursorName(binding)) ?? 0, $"labels of '{binding.Feed}'"));
}
