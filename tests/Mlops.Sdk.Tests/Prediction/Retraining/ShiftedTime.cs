namespace Mlops.Tests.Prediction.Retraining;

/// <summary>A clock that starts ten past noon and that a test puts forward; its timers run as ever, so that a whole node lives on it.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ahead = (new DateTimeOffset(2026, 1, 1, 12, 10, 0, TimeSpan.Zero) - System.GetUtcNow()).Ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _ahead));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);
}
