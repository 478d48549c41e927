using Mlops.Testing.Imu;

namespace Mlops.Testing.Tests.Imu;

public class ImuRadioTests
{
    [Fact]
    public void Next_Packets_OvertakeEachOtherAndSomeAreLost()
    {
        var radio = new ImuRadio(new ImuWorkOptions { Seed = 1 }, new ImuRadioOptions { LatePart = 0.05, LostPart = 0.02 });
        ImuPacket[] packets = [.. Enumerable.Range(0, 4_000).Select(_ => radio.Next())];
        foreach (ImuHand hand in Enum.GetValues<ImuHand>())
        {
            long[] numbers = [.. packets.Where(p => p.Hand == hand).Select(p => p.Number)];
            numbers.Distinct().Count().ShouldBe(numbers.Length);
            numbers.Zip(numbers.Skip(1)).Count(p => p.Second < p.First).ShouldBeInRange(20, 200);
            long missing = numbers.Max() - numbers.Length;
            missing.ShouldBeInRange(10, 90);
        }

        packets.ShouldAllBe(p => p.Samples.Count == 10);
    }

    [Fact]
    public void Next_SameSeed_GivesTheSamePackets()
    {
        var one = new ImuRadio(new ImuWorkOptions { Seed = 2 }, new ImuRadioOptions());
        var other = new ImuRadio(new ImuWorkOptions { Seed = 2 }, new ImuRadioOptions());
        for (var i = 0; i < 500; i++)
        {
            ImuPacket a = one.Next(), b = other.Next();
            (a.Hand, a.Number).ShouldBe((b.Hand, b.Number));
            a.Samples.ShouldBe(b.Samples);
        }
    }

    [Fact]
    public void TakeIntervals_AsActivitiesEnd_CoverTheTimeBetweenTransitions()
    {
        var radio = new ImuRadio(new ImuWorkOptions { Seed = 4 }, new ImuRadioOptions { LostPart = 0 });
        var intervals = new List<ImuInterval>();
        var end = TimeSpan.Zero;
        for (var i = 0; i < 3_000; i++)
        {
            end = TimeSpan.FromTicks(Math.Max(end.Ticks, radio.Next().Samples[^1].Time.Ticks));
            intervals.AddRange(radio.TakeIntervals());
        }

        intervals.AddRange(radio.TakeIntervals(all: true));
        radio.TakeIntervals(all: true).ShouldBeEmpty();
        intervals.Count.ShouldBeGreaterThan(15);
        intervals[0].From.ShouldBe(TimeSpan.Zero);
        foreach ((ImuInterval before, ImuInterval after) in intervals.Zip(intervals.Skip(1)))
        {
            after.Activity.ShouldNotBe(before.Activity);
            (after.From - before.To).TotalSeconds.ShouldBe(0.8, 0.05);
        }

        intervals[^1].To.ShouldBeGreaterThan(end - TimeSpan.FromSeconds(17));
    }

    [Fact]
    public void Create_BadOptions_AreRefused() =>
        Should.Throw<ArgumentException>(() => new ImuRadio(new ImuWorkOptions(), new ImuRadioOptions { PacketSize = 0 })).Message.ShouldContain("PacketSize");
}
