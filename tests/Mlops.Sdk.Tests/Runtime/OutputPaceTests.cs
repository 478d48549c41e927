using Mlops.Runtime.Workers;

namespace Mlops.Sdk.Tests.Runtime;

public sealed class OutputPaceTests
{
    [Fact]
    public void TakeAsync_UpToAMebibyteAtOnce_NeverWaits()
    {
        var pace = new OutputPace();
        for (int line = 0; line < 1024; line++)
            pace.TakeAsync(1024, CancellationToken.None).AsTask().IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task TakeAsync_More_WaitsAndGoesOn()
    {
        var pace = new OutputPace();

        Task next = pace.TakeAsync(1 << 30, CancellationToken.None).AsTask();

        next.IsCompleted.ShouldBeFalse();
        await next;
    }
}
