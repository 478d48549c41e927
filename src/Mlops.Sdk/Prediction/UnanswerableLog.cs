using Microsoft.Extensions.Logging;
using Mlops.Hosting;

namespace Mlops.Prediction;

/// <summary>
/// Writes to the log which records could not be answered: some at once, then one every ten seconds with the number of those between. A
/// camera can have two hundred a second, and each has its reason in its answer. Used by one thread at a time.
/// </summary>
internal sealed class UnanswerableLog(string deployment, ILogger logger, TimeProvider time)
{
    private readonly LogAllowance _allowance = new(burst: 16, perSecond: 0.1, time);

    public void Add(long position, string reason)
    {
        if (_allowance.TryTake(out long leftOut))
            Log.Unanswerable(logger, deployment, position, leftOut == 0 ? reason : $"{reason} ({leftOut} before it were not logged.)");
    }
}
