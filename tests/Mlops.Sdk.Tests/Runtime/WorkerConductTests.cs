using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Runtime.Workers;
using Mlops.Training;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>What calls do to the place of their worker. That it reaches the processes, HostileCodeTests shows.</summary>
public sealed class WorkerConductTests : IDisposable
{
    // No process has this number: what is set is remembered only.
    private readonly WorkerPriority _priority = new(int.MaxValue, group: null, usual: 0, () => []);
    private readonly FakeClock _clock = new();
    private readonly WorkerConduct _conduct;
    private TimeSpan _wanted;
    private readonly int _threads = 4;

    public WorkerConductTests()
    {
        _conduct = new WorkerConduct("'w' 1", NullLogger.Instance, _clock);
        _conduct.Take(_priority, () => (_wanted, _threads));
    }

    public void Dispose() => _conduct.Dispose();

    [Fact]
    public void Take_WorkerThatHasStarted_GetsTheUsualPlace()
    {
        new WorkerPriority(int.MaxValue, group: null, usual: 0, () => []).IsLowered.ShouldBeTrue();

        _priority.IsLowered.ShouldBeFalse();
    }

    [Fact]
    public void Begin_CallThatTakesLong_IsLoweredUntilItIsAnswered()
    {
        _conduct.Begin();
        Pass(50);
        _priority.IsLowered.ShouldBeFalse();
        Pass(50);
        _priority.IsLowered.ShouldBeTrue();

        _conduct.Answered();

        _priority.IsLowered.ShouldBeFalse();
    }

    [Fact]
    public void Begin_CallsThatUsuallyTakeLong_AreNotLowered()
    {
        for (int call = 0; call < 50; call++)
            Answer(200);
        _priority.IsLowered.ShouldBeFalse();

        _conduct.Begin();
        Pass(1000);

        _priority.IsLowered.ShouldBeFalse();
    }

    [Fact]
    public void Broke_TheNextProcess_IsLoweredUntilItHasAnsweredSixteenTimes()
    {
        _conduct.Begin();
        _conduct.Broke();
        _conduct.Leave();
        var next = new WorkerPriority(int.MaxValue, group: null, usual: 0, () => []);
        _conduct.Take(next, () => default);

        for (int call = 0; call < 15; call++)
            Answer(1);
        next.IsLowered.ShouldBeTrue();
        Answer(1);

        next.IsLowered.ShouldBeFalse();
    }

    [Fact]
    public void Failed_ManyInARow_IsLoweredAndOneInTwoIsNot()
    {
        for (int call = 0; call < 100; call++)
        {
            Fail();
            Answer(1);
        }

        _priority.IsLowered.ShouldBeFalse();
        for (int call = 0; call < 17; call++)
            Fail();
        _priority.IsLowered.ShouldBeTrue();
    }

    [Fact]
    public void GivenUp_CallerWentAway_IsNoFault()
    {
        for (int call = 0; call < 100; call++)
        {
            _conduct.Begin();
            _conduct.GivenUp();
        }

        _priority.IsLowered.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(0.3, false)]
    public void Look_ComputesBetweenCalls_IsLoweredWhileItDoes(double share, bool isLowered)
    {
        Answer(1);
        for (int i = 0; i < 80; i++)
        {
            Pass(25);
            _wanted += TimeSpan.FromMilliseconds(25 * share);
        }

        _priority.IsLowered.ShouldBe(isLowered);
        Pass(3000);
        _priority.IsLowered.ShouldBeFalse();
    }

    [Fact]
    public void Look_CallThatTookLong_IsJudgedByWhatItLeftBehind()
    {
        Answer(5000);
        for (int i = 0; i < 90; i++)
        {
            Pass(25);
            _wanted += TimeSpan.FromMilliseconds(25);
        }

        _priority.IsLowered.ShouldBeTrue();
    }

    [Fact]
    public void Look_ThatComesLate_JudgesAllTheSame()
    {
        _conduct.Begin();
        _conduct.Answered();
        foreach (int late in (int[])[4000, 1000])
        {
            _clock.Advance(TimeSpan.FromMilliseconds(late));
            _wanted += TimeSpan.FromMilliseconds(late);
            Pass(25);
        }

        _priority.IsLowered.ShouldBeTrue();
    }

    [Fact]
    public void Look_ComputesWhileAsked_IsNotLowered()
    {
        for (int call = 0; call < 400; call++)
        {
            Answer(8);
            _wanted += TimeSpan.FromMilliseconds(8 * _threads);
            Pass(2);
        }

        _priority.IsLowered.ShouldBeFalse();
    }

    private void Answer(int milliseconds)
    {
        _conduct.Begin();
        Pass(milliseconds);
        _conduct.Answered();
    }

    private void Fail()
    {
        _conduct.Begin();
        _conduct.Failed();
    }

    private void Pass(int milliseconds)
    {
        for (int left = milliseconds; left > 0; left -= 25)
            _clock.Advance(TimeSpan.FromMilliseconds(Math.Min(25, left)));
    }
}
