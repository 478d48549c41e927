using Mlops.Testing.Csv;

namespace Mlops.Testing.Tests.Csv;

public class StratifiedSplitTests
{
    private static readonly string[] Labels =
        [.. Enumerable.Range(0, 200).Select(i => i % 20 == 0 ? "rare" : i == 7 ? "once" : i is 8 or 9 ? "twice" : "common")];

    private static readonly int[] Rows = [.. Enumerable.Range(0, 200)];

    [Fact]
    public void Shuffle_AllClasses_KeepsTheirShares()
    {
        var split = StratifiedSplit.Shuffle(Rows, row => Labels[row], seed: 5);
        split.Training.Concat(split.Test).Order().ShouldBe(Rows);
        split.Training.CountBy(row => Labels[row]).ToDictionary()
            .ShouldBe(new Dictionary<string, int> { ["common"] = 131, ["rare"] = 7, ["twice"] = 1, ["once"] = 1 }, ignoreOrder: true);
        split.Test.Select(row => Labels[row]).Distinct().Order().ShouldBe(["common", "rare", "twice"]);
    }

    [Fact]
    public void Shuffle_SameSeed_SplitsTheSameAndAnotherSeedDoesNot()
    {
        var split = StratifiedSplit.Shuffle(Rows, row => Labels[row], seed: 5);
        StratifiedSplit.Shuffle(Rows, row => Labels[row], seed: 5).Training.ShouldBe(split.Training);
        StratifiedSplit.Shuffle(Rows, row => Labels[row], seed: 6).Training.ShouldNotBe(split.Training);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.99)]
    public void Shuffle_ExtremeShare_StillShowsEveryClassWithTwoRowsInBothParts(double share)
    {
        var split = StratifiedSplit.Shuffle(Rows, row => Labels[row], share);
        split.Training.Select(row => Labels[row]).Distinct().Count().ShouldBe(4);
        split.Test.Select(row => Labels[row]).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Chronological_Rows_CutsWithoutReordering()
    {
        var split = StratifiedSplit.Chronological([5, 3, 9, 1, 4, 0, 2, 8, 7, 6]);
        split.Training.ShouldBe([5, 3, 9, 1, 4, 0, 2]);
        split.Test.ShouldBe([8, 7, 6]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Shuffle_ShareOutsideBounds_Throws(double share) =>
        Should.Throw<ArgumentOutOfRangeException>(() => StratifiedSplit.Shuffle(Rows, row => Labels[row], share));

    [Fact]
    public void Chronological_ShareOfOne_LeavesNothingToTestWith()
    {
        var split = StratifiedSplit.Chronological([2, 0, 1], trainingShare: 1);
        split.Training.ShouldBe([2, 0, 1]);
        split.Test.ShouldBeEmpty();
    }
}
