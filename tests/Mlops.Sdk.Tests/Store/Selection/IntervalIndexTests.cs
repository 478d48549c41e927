using Mlops.Store.Selection;

namespace Mlops.Tests.Store.Selection;

public class IntervalIndexTests
{
    [Fact]
    public void Find_RandomIntervals_EqualsLookingAtEachOfThem()
    {
        var random = new Random(4);
        for (int round = 0; round < 100; round++)
        {
            List<(long From, long To, int Rank)> intervals = [.. Enumerable.Range(0, random.Next(20)).Select(rank =>
            {
                long from = random.Next(50);
                return (from, from + random.Next(1, 20), rank);
            })];
            var index = new IntervalIndex(intervals);
            for (long time = -1; time < 75; time++)
            {
                int expected = intervals.Where(i => i.From <= time && time < i.To).Select(i => i.Rank).DefaultIfEmpty(int.MaxValue).Min();
                index.Find(time).ShouldBe(expected, $"at {time} of {string.Join(' ', intervals)}");
            }
        }
    }
}
