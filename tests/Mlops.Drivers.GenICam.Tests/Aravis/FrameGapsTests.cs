using Mlops.Drivers.GenICam.Aravis;

namespace Mlops.Drivers.GenICam.Tests.Aravis;

public sealed class FrameGapsTests
{
    [Theory]
    [InlineData(new ulong[] { 1, 2, 3 }, 0)]
    [InlineData(new ulong[] { 1, 4, 5 }, 2)]
    [InlineData(new ulong[] { 65534, 65535, 1, 2 }, 0)]
    [InlineData(new ulong[] { 65534, 2 }, 2)]
    [InlineData(new ulong[] { 500, 1, 2 }, 0)]
    [InlineData(new ulong[] { 1, 1, 1 }, 0)]
    [InlineData(new ulong[] { 70_000, 70_003 }, 2)]
    [InlineData(new ulong[] { 70_000, 3 }, 0)]
    public void AddComplete_Numbers_CountsThoseLeftOut(ulong[] numbers, long missed)
    {
        var gaps = new FrameGaps();

        foreach (ulong number in numbers)
            gaps.AddComplete(number, refused: 0);

        (gaps.Missed, gaps.Starved).ShouldBe((missed, 0));
    }

    [Fact]
    public void AddComplete_AfterIncompleteFrames_DoesNotCountThemTwice()
    {
        var gaps = new FrameGaps();
        gaps.AddComplete(1, 0);
        gaps.AddIncomplete();
        gaps.AddIncomplete();

        gaps.AddComplete(5, 0);

        gaps.Missed.ShouldBe(1);
    }

    [Fact]
    public void AddComplete_PacketsFoundNoBuffer_FramesBetweenAreStarved()
    {
        var gaps = new FrameGaps();
        gaps.AddComplete(1, refused: 0);
        gaps.IsStarving(refused: 90).ShouldBeTrue();

        gaps.AddComplete(4, refused: 90);

        (gaps.Starved, gaps.Missed).ShouldBe((2, 0));
        gaps.IsStarving(refused: 90).ShouldBeFalse();
    }
}
