using Mlops.Prediction;
using Mlops.Tests.Store;
using Mlops.Training;

namespace Mlops.Tests.Prediction;

public class UnanswerableLogTests
{
    [Fact]
    public void Add_ManyRecordsAtOnce_LogsSomeAndCountsTheRest()
    {
        using var logger = new LogCapture();
        var time = new FakeClock();
        var log = new UnanswerableLog("d-1", logger, time);

        for (int i = 0; i < 200; i++)
            log.Add(i, "Its frame is gone.");
        logger.Entries.Count.ShouldBe(16);
        time.Advance(TimeSpan.FromSeconds(10));
        log.Add(200, "Its frame is gone.");
        log.Add(201, "Its frame is gone.");

        logger.Entries.Count.ShouldBe(17);
        logger.Texts(1403)[^1].ShouldBe("Deployment d-1 could not answer the record at 200: Its frame is gone. (184 before it were not logged.)");
    }
}
