using Mlops.Prediction;
using Mlops.Tests.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

public class AnswerFailuresTests
{
    [Fact]
    public void Add_ManyRecordsAtOnce_LogsSomeAndCountsTheRest()
    {
        using var logger = new LogCapture();
        var time = new FakeClock();
        var gone = new WorkflowException("Its frame is gone.") { IsOfRecord = true };
        var failures = new AnswerFailures("d-1", new PredictionOptions(), time, logger);

        for (int i = 0; i < 200; i++)
            failures.Add(gone, i).ShouldBeNull();
        logger.Entries.Count.ShouldBe(16);
        time.Advance(TimeSpan.FromSeconds(10));
        failures.Add(gone, 200);
        failures.Add(gone, 201);

        logger.Entries.Count.ShouldBe(17);
        logger.Texts(1403)[^1].ShouldBe("Deployment d-1 could not answer the record at 200: Its frame is gone. (184 before it were not logged.)");
        failures.Fault.ShouldBe("Its frame is gone.");
    }

    [Fact]
    public void Add_CodeThatFailsAgainAndAgain_PausesEachTimeLonger()
    {
        using var logger = new LogCapture();
        var failures = new AnswerFailures("d-1", new PredictionOptions { MaxRetryDelay = TimeSpan.FromSeconds(5) }, new FakeClock(), logger);

        for (int i = 0; i < 7; i++)
            failures.Add(new InvalidOperationException("No."), i).ShouldBeNull();
        failures.Fault.ShouldBeNull();
        Enumerable.Range(0, 4).Select(_ => failures.Add(new InvalidOperationException("No."), 7)?.TotalSeconds).ShouldBe([1, 2, 4, 5]);
        failures.Fault.ShouldBe("No.");

        failures.Clear();
        failures.Fault.ShouldBeNull();
        failures.Add(new InvalidOperationException("No."), 8).ShouldBeNull();
    }
}
