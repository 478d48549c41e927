using Microsoft.Extensions.Logging;

namespace Mlops.Prediction;

/// <summary>
/// Writes to the log which records could not be answered: some at once, then one every ten seconds with the number of those between. A
/// camera can have two hundred a second, and each has its reason in its answer. Used by one thread at a time.
/// </summary>
internal sealed class UnanswerableLog(string deployment, ILogger logger, TimeProvider time)
{
    private const double Burst = 16;
    private const double PerSecond = 0.1;
    private double _left = Burst;
    private long _since = time.GetTimestamp();
    private long _unlogged;

    public void Add(long position, string reason)
    {
        long now = time.GetTimestamp();
        _left = Math.Min(Burst, _left + (time.GetElapsedTime(_since, now).TotalSeconds * PerSecond));
        _since = now;
        if (_left < 1)
        {
            _unlogged++;
            return;
        }

        _left--;
        Log.Unanswerable(logger, deployment, position, _unlogged == 0 ? reason : $"{reason} ({_unlogged} before it were not logged.)");
        _unlogged = 0;
    }
}
