namespace Mlops.Training;

public class SortableIdTests
{
    [Fact]
    public void Next_ManyWithinOneMillisecond_SortAndDiffer()
    {
        var ids = new SortableId(new FakeClock());
        string[] made = [.. Enumerable.Range(0, 10_000).Select(_ => ids.Next("t"))];
        made.ShouldBe(made.Order(StringComparer.Ordinal));
        made.Distinct().Count().ShouldBe(made.Length);
        made.ShouldAllBe(id => id.Length == 20 && id.StartsWith("t-", StringComparison.Ordinal) && id.Skip(2).All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c)));
    }

    [Fact]
    public void Next_ClockGoesOnOrBack_StillSort()
    {
        var clock = new FakeClock();
        var ids = new SortableId(clock);
        string first = ids.Next("t");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        string second = ids.Next("t");
        clock.Advance(TimeSpan.FromDays(-1));
        string third = ids.Next("t");
        new[] { first, second, third }.ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        second[..12].ShouldNotBe(first[..12]);
    }
}
