using Mlops.Testing.Imu;

namespace Mlops.Testing.Tests.Imu;

public class ImuWorkTests
{
    private const int Minutes = 20;

    [Fact]
    public void Next_SameSeed_GivesTheSameMeasurements()
    {
        (ImuSample, ImuSample, ImuActivity?)[] first = Take(7, 2_000), again = Take(7, 2_000), other = Take(8, 2_000);
        again.ShouldBe(first);
        other.ShouldNotBe(first);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(100)]
    public void Next_Rate_IsThatOfTheSensors(double rate)
    {
        var work = new ImuWork(new ImuWorkOptions { Rate = rate });
        var times = Enumerable.Range(0, 500).Select(_ => work.Next().Right.Time.TotalSeconds).ToArray();
        for (var i = 1; i < times.Length; i++)
            (times[i] - times[i - 1]).ShouldBe(1 / rate, 1e-6);
    }

    [Fact]
    public void Next_EachActivity_HasItsSignatureInBothHands()
    {
        ILookup<ImuActivity, (ImuSample Right, ImuSample Left)> samples = Take(3, Minutes * 60 * 50).Where(s => s.Activity is not null).ToLookup(s => s.Activity!.Value, s => (s.Right, s.Left));
        samples.Count.ShouldBe(ImuText.Labels.Count);

        double Spread(ImuActivity activity, Func<(ImuSample Right, ImuSample Left), double> of)
        {
            double[] values = [.. samples[activity].Select(of)];
            double mean = values.Average();
            return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        }

        // Hammering has the highest peaks, screwing turns the forearm about itself, sawing moves along it, drilling shakes both hands alike.
        samples[ImuActivity.Hammering].Max(s => Math.Abs(s.Right.AccZ)).ShouldBeGreaterThan(5);
        foreach (ImuActivity activity in Enum.GetValues<ImuActivity>().Where(a => a != ImuActivity.Hammering))
            samples[activity].Max(s => Math.Abs(s.Right.AccZ)).ShouldBeLessThan(4, activity.ToString());
        Spread(ImuActivity.Screwing, s => s.Right.GyroX).ShouldBeGreaterThan(5 * Spread(ImuActivity.Sawing, s => s.Right.GyroX));
        Spread(ImuActivity.Sawing, s => s.Right.AccX).ShouldBeGreaterThan(1.5 * Spread(ImuActivity.Drilling, s => s.Right.AccX));
        Spread(ImuActivity.Drilling, s => s.Left.AccY).ShouldBeGreaterThan(3 * Spread(ImuActivity.Sawing, s => s.Left.AccY));
        Spread(ImuActivity.Hammering, s => s.Left.GyroZ).ShouldBeLessThan(0.4 * Spread(ImuActivity.Hammering, s => s.Right.GyroZ));
        Spread(ImuActivity.Idle, s => s.Right.AccZ).ShouldBeLessThan(0.3);
    }

    [Fact]
    public void Next_Activities_TakeTheirTimeWithTransitionsBetween()
    {
        var labels = Take(5, Minutes * 60 * 50).Select(s => s.Activity).ToArray();
        var runs = new List<(ImuActivity? Activity, int Length)>();
        foreach (var label in labels)
        {
            if (runs.Count > 0 && runs[^1].Activity == label)
                runs[^1] = (label, runs[^1].Length + 1);
            else
                runs.Add((label, 1));
        }

        runs.Count.ShouldBeGreaterThan(60);
        foreach ((ImuActivity? activity, int length) in runs.Skip(1).SkipLast(1))
            (length / 50.0).ShouldBeInRange(activity is null ? 0.75 : 5.9, activity is null ? 0.85 : 16.1);
        for (var i = 1; i < runs.Count; i++)
            (runs[i].Activity is null).ShouldNotBe(runs[i - 1].Activity is null);
    }

    [Fact]
    public void Next_OtherPerson_MovesAtAnotherTempo()
    {
        double[] tempos = [.. Enumerable.Range(0, 6).Select(seed => Impacts(seed))];
        tempos.Max().ShouldBeGreaterThan(tempos.Min() * 1.08);
        tempos.ShouldAllBe(t => t > 1.4 && t < 3);
    }

    [Theory]
    [InlineData(5, 6, 16)]
    [InlineData(50, 9, 8)]
    public void Create_BadOptions_AreRefused(double rate, int shortest, int longest) => Should.Throw<ArgumentException>(() =>
        new ImuWork(new ImuWorkOptions { Rate = rate, Shortest = TimeSpan.FromSeconds(shortest), Longest = TimeSpan.FromSeconds(longest) }));

    // Swings a second while hammering: sign changes of the swing, two each.
    private static double Impacts(long seed)
    {
        ImuSample[] samples = [.. Take(seed, Minutes * 60 * 50).Where(s => s.Activity == ImuActivity.Hammering).Select(s => s.Right)];
        return samples.Zip(samples.Skip(1)).Count(p => p.First.GyroZ > 0 && p.Second.GyroZ <= 0) / (samples.Length / 50.0);
    }

    private static (ImuSample Right, ImuSample Left, ImuActivity? Activity)[] Take(long seed, int count)
    {
        var work = new ImuWork(new ImuWorkOptions { Seed = seed });
        return [.. Enumerable.Range(0, count).Select(_ => work.Next())];
    }
}
