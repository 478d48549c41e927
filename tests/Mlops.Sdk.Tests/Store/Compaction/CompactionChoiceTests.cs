using Mlops.Store.Catalog;
using Mlops.Store.Compaction;
using Mlops.Store.Segments;

namespace Mlops.Tests.Store.Compaction;

public class CompactionChoiceTests
{
    [Fact]
    public void Of_SmallNeighbours_TakesThemAll() => Choose([10, 10, 10, 10]).ShouldBe([0, 1, 2, 3]);

    [Fact]
    public void Of_TooFew_TakesNone() => Choose([10, 10]).ShouldBeEmpty();

    [Fact]
    public void Of_LargeFileBetween_TakesOnlyThoseOnOneSide() => Choose([10, 10, 500, 10, 10, 10]).ShouldBe([3, 4, 5]);

    [Fact]
    public void Of_FileLargerThanAllThatFollow_WaitsForMore()
    {
        Choose([100, 10, 10, 10]).ShouldBe([1, 2, 3]);
        Choose([30, 10, 10, 10]).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void Of_MoreThanFitsIntoOne_StopsThere() => Choose([300, 300, 300, 300, 300]).ShouldBe([0, 1, 2]);

    [Fact]
    public void Of_SchemaThatDoesNotGoTogetherOrTooMuchTime_EndsTheRun()
    {
        Choose([10, 10, 10, 10], revision: i => i < 1 ? 1 : 3).ShouldBe([1, 2, 3]);
        Choose([10, 10, 10, 10], revision: i => i < 1 ? 1 : 2).ShouldBe([0, 1, 2, 3]);
        Choose([10, 10, 10, 10, 10], time: i => i < 2 ? 0 : 5000).ShouldBe([2, 3, 4]);
    }

    [Fact]
    public void Of_RangesThatOverlap_AreLeftAlone() => Choose([10, 10, 10, 10, 10, 10], last: i => i == 1 ? 25 : (i * 10) + 9).ShouldBe([3, 4, 5]);

    private static int[] Choose(int[] sizes, Func<int, int>? revision = null, Func<int, long>? time = null, Func<int, long>? last = null)
    {
        Segment[] segments = [.. sizes.Select((bytes, i) => new Segment(
            i, revision?.Invoke(i) ?? 1, $"{i}", new StoredRange(i * 10, last?.Invoke(i) ?? (i * 10) + 9, 10, time?.Invoke(i) ?? i, time?.Invoke(i) ?? i, bytes), 0))];
        return [.. CompactionChoice.Of(segments, minimumFiles: 3, maxBytes: 900, maxSpan: 1000, (a, b) => Math.Abs(a.Revision - b.Revision) == 1).Select(s => (int)s.Id)];
    }
}
