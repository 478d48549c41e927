using Microsoft.Extensions.Logging;
using Mlops.Hosting;
using Mlops.Workflows;

namespace Mlops.Prediction;

/// <summary>
/// Judges why records of a deployment cannot be answered: a record that is itself at fault gets the reason, and so does one that the code
/// fails for, until that has become the model's habit. Used by one loop alone.
/// </summary>
internal sealed class AnswerFailures(string deployment, PredictionOptions options, TimeProvider time, ILogger logger)
{
    private const int UntilFaulted = 8;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    // A camera can have two hundred a second, and each has its reason in its answer.
    private readonly LogAllowance _allowance = new(burst: 16, perSecond: 0.1, time);
    private int _ofModel;
    private int _ofRecords;

    /// <summary>Gets why the deployment is faulted; null while it is not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Says that the deployment is faulted.</summary>
    public void Fail(string reason) => Fault = reason;

    /// <summary>Says that it is not, as after each answer.</summary>
    public void Clear() => (_ofModel, _ofRecords, Fault) = (0, 0, null);

    /// <summary>Takes a failure.</summary>
    /// <param name="reason">Why the record could not be answered.</param>
    /// <param name="position">Its position.</param>
    /// <returns>After what time it is to be tried once more; null when its answer is the reason.</returns>
    public TimeSpan? Add(Exception reason, long position)
    {
        bool isOfRecord = reason is WorkflowException { IsOfRecord: true };
        bool isHabit = (isOfRecord ? ++_ofRecords : ++_ofModel) >= UntilFaulted;
        if (isHabit)
            Fault = reason.Message;
        if (isOfRecord || !isHabit)
        {
            Tell(position, reason.Message);
            return null;
        }

        TimeSpan delay = TimeSpan.FromTicks(Math.Min(FirstDelay.Ticks << Math.Min(10, _ofModel - UntilFaulted), options.MaxRetryDelay.Ticks));
        Log.Faulted(logger, deployment, reason.Message, delay);
        return delay;
    }

    /// <summary>Writes to the log that a record, or the batch that begins with it, could not be answered: some at once, then one every ten seconds with the number of those between.</summary>
    public void Tell(long position, string reason)
    {
        if (_allowance.TryTake(out long leftOut))
            Log.Unanswerable(logger, deployment, position, leftOut == 0 ? reason : $"{reason} ({leftOut} before it were not logged.)");
    }
}
