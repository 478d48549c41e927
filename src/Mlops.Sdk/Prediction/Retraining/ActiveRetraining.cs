using System.Diagnostics.CodeAnalysis;

namespace Mlops.Prediction.Retraining;

/// <summary>A retraining that has not ended, in memory.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without timer holds nothing, and disposing it would race with a late wish to cancel.")]
internal sealed class ActiveRetraining(RetrainingInfo info)
{
    private RetrainingInfo _info = info;

    public RetrainingInfo Info
    {
        get => Volatile.Read(ref _info);
        set => Volatile.Write(ref _info, value);
    }

    /// <summary>Gets somebody's wish to cancel it.</summary>
    public CancellationTokenSource Cancel { get; } = new();

    /// <summary>Gets or sets the work on it; completed while it waits for approval.</summary>
    public Task Work { get; set; } = Task.CompletedTask;
}
