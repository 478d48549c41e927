using Microsoft.Extensions.Logging;

namespace Mlops.Runtime;

/// <summary>
/// Writes to a log what one workflow prints: 1,000 lines at once, 100 a second in the long run. What is more would fill the disk of
/// whoever keeps the log; it is dropped and counted. Used by one thread at a time.
/// </summary>
internal sealed class LineAllowance(string title, ILogger logger, TimeProvider time)
{
    private const double Burst = 1000;
    private const double PerSecond = 100;
    private double _left = Burst;
    private long _since = time.GetTimestamp();
    private long _dropped;

    public void Print(string line, bool isError)
    {
        long now = time.GetTimestamp();
        _left = Math.Min(Burst, _left + (time.GetElapsedTime(_since, now).TotalSeconds * PerSecond));
        _since = now;
        if (_left < 1)
        {
            // Told when it begins: it may never stop.
            if (_dropped++ == 0)
                Log.TooManyLines(logger, title, PerSecond);
            return;
        }

        _left--;
        if (_dropped > 0)
            Log.LinesDropped(logger, title, _dropped);
        _dropped = 0;
        Log.Printed(logger, isError ? LogLevel.Warning : LogLevel.Information, title, line);
    }
}
