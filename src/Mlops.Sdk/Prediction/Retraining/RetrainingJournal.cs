using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Mlops.Training.Lifecycle;

namespace Mlops.Prediction.Retraining;

/// <summary>Makes triggers and retrainings durable, each with the event that tells of it where people want to hear it.</summary>
internal sealed class RetrainingJournal(RetrainingRows rows, LifecycleJournal journal, ILogger<RetrainingJournal> logger)
{
    public event Action<RetrainingInfo>? Changed;

    /// <summary>Stores a trigger and what made it so.</summary>
    public Task SaveAsync(TriggerRecord trigger, string action, string? author, string? text = null) =>
        journal.WriteAsync(trigger.Id, action, db => RetrainingRows.Save(db, trigger), null, author, text ?? trigger.Request.Name);

    /// <summary>Deletes a trigger.</summary>
    public Task DeleteAsync(TriggerRecord trigger, string? author) =>
        journal.WriteAsync(trigger.Id, LifecycleAction.TriggerDeleted, db => RetrainingRows.Delete(db, trigger.Id), null, author, trigger.Request.Name);

    /// <summary>Stores that a trigger has fired, with the retraining that begins: both or neither.</summary>
    public async Task SaveFiredAsync(TriggerRecord trigger, RetrainingInfo info)
    {
        void Save(SqliteConnection db)
        {
            RetrainingRows.Save(db, trigger);
            RetrainingRows.Save(db, info);
        }

        await journal.WriteAsync(trigger.Id, LifecycleAction.RetrainingStarted, Save, null, info.Author, $"{info.Id}: {string.Join("; ", info.Reasons)}").ConfigureAwait(false);
        Announce(info);
    }

    /// <summary>Stores how a retraining goes on; who hears of it finds it so already.</summary>
    /// <param name="active">The retraining as it was; it is as <paramref name="info"/> says afterwards.</param>
    /// <param name="info">The retraining as it is.</param>
    /// <param name="action">Somebody's decision, if it is one.</param>
    public async Task SaveAsync(ActiveRetraining active, RetrainingInfo info, string? action = null)
    {
        action ??= active.Info.State == info.State ? null
            : info.State == RetrainingState.AwaitingApproval ? LifecycleAction.ApprovalWanted
            : info.HasEnded ? LifecycleAction.RetrainingEnded : null;
        if (action is null)
            await rows.SaveAsync(info).ConfigureAwait(false);
        else
            await journal.WriteAsync(info.Trigger, action, db => RetrainingRows.Save(db, info), info.Model, info.DecidedBy, Text(info)).ConfigureAwait(false);
        active.Info = info;
        Announce(info);
    }

    private static string Text(RetrainingInfo info)
    {
        string end = info.State switch
        {
            RetrainingState.AwaitingApproval or RetrainingState.Releasing => $"next step: {info.Request.Release.Step}",
            RetrainingState.Succeeded => $"done: {info.Request.Release.Step}",
            _ => info.State.ToString(),
        };
        return string.Join(". ", new[] { $"{info.Id}: {end}", info.Verdict, info.Reason }.Where(t => t is not null));
    }

    private void Announce(RetrainingInfo info)
    {
        try
        {
            Changed?.Invoke(info);
        }
        catch (Exception e)
        {
            Log.HandlerFailed(logger, e);
        }
    }
}
