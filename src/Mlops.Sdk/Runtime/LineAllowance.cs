using Microsoft.Extensions.Logging;
using Mlops.Hosting;

namespace Mlops.Runtime;

/// <summary>
/// Writes to a log what one workflow prints: 1,000 lines at once, 100 a second in the long run. What is more would fill the disk of
/// whoever keeps the log; it is dropped and counted. Used by one thread at a time.
/// </summary>
internal sealed class LineAllowance(string title, ILogger logger, TimeProvider time)
{
    private const double Burst = 1000;
    private const double PerSecond = 100;
    private readonly LogAllowance _allowance = new(Burst, PerSecond, time);

    public void Print(string line, bool isError)
    {
        if (_allowance.TryTake(out long dropped))
        {
            if (dropped > 0)
                Log.LinesDropped(logger, title, dropped);
            Log.Printed(logger, isError ? LogLevel.Warning : LogLevel.Information, title, line);
        }
        else if (dropped == 0)
        {
            // Told when it begins: it may never stop.
            Log.TooManyLines(logger, title, PerSecond);
        }
    }
}
