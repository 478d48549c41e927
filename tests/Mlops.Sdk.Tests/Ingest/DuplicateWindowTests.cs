using Mlops.Ingest;

namespace Mlops.Tests.Ingest;

public sealed class DuplicateWindowTests
{
    [Fact]
    public void Contains_EachPartDiffers_IsAnotherRecord()
    {
        var window = new DuplicateWindow(10);
        window.Add(1, 2, 3, 4);

        window.Contains(1, 2, 3, 4).ShouldBeTrue();
        window.Contains(9, 2, 3, 4).ShouldBeFalse();
        window.Contains(1, 9, 3, 4).ShouldBeFalse();
        window.Contains(1, 2, 9, 4).ShouldBeFalse();
        window.Contains(1, 2, 3, 9).ShouldBeFalse();
    }

    [Fact]
    public void Contains_HashOfTheStoredOneUnknown_EqualsAny()
    {
        var window = new DuplicateWindow(10);
        window.Add(DuplicateWindow.UnknownHash, 2, 3, 4);

        window.Contains(77, 2, 3, 4).ShouldBeTrue();
        window.Contains(DuplicateWindow.NoHash, 2, 3, 4).ShouldBeTrue();
    }

    [Fact]
    public void Add_MoreThanFit_ForgetsTheOldest()
    {
        var random = new Random(3);
        var window = new DuplicateWindow(200);
        var model = new Queue<(long, long, long, long)>();
        for (int i = 0; i < 5_000; i++)
        {
            (long Hash, long Sequence, long RecordSequence, long Time) key = (random.Next(2), random.Next(40), random.Next(3), random.Next(5));
            window.Contains(key.Hash, key.Sequence, key.RecordSequence, key.Time).ShouldBe(model.Contains(key));
            window.Add(key.Hash, key.Sequence, key.RecordSequence, key.Time);
            model.Enqueue(key);
            if (model.Count > 200)
                model.Dequeue();
        }

        window.Count.ShouldBe(200);
    }

    [Fact]
    public void Add_NoRoomAtAll_RemembersNothing()
    {
        var window = new DuplicateWindow(0);
        window.Add(1, 2, 3, 4);
        window.Contains(1, 2, 3, 4).ShouldBeFalse();
    }
}
