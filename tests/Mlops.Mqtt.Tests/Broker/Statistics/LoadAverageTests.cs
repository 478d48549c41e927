using Mlops.Mqtt.Broker.Statistics;

namespace Mlops.Mqtt.Tests.Broker.Statistics;

public class LoadAverageTests
{
    [Fact]
    public void Update_SteadyForAnHour_EveryAverageIsTheRate()
    {
        long total = 100;
        var load = new LoadAverage("load/x", () => total);
        for (int i = 0; i < 360; i++)
        {
            total += 20;
            load.Update(TimeSpan.FromSeconds(10));
        }

        var all = load.All().ToArray();
        all.Select(one => one.Topic).ShouldBe(["load/x/1min", "load/x/5min", "load/x/15min"]);
        foreach (var (_, rate) in all)
            rate.ShouldBe(120, 3);
    }

    [Fact]
    public void Update_NothingForAMinute_ShortAveragesFallFaster()
    {
        long total = 0;
        var load = new LoadAverage("load/x", () => total);
        total = 600_000;
        load.Update(TimeSpan.FromMinutes(60));
        load.Update(TimeSpan.FromMinutes(1));
        double[] rates = [.. load.All().Select(one => one.Rate)];
        rates[0].ShouldBe(10_000 * Math.Exp(-1), 1);
        rates[1].ShouldBe(10_000 * Math.Exp(-1 / 5.0), 1);
        rates[2].ShouldBeGreaterThan(rates[1]);
    }
}
