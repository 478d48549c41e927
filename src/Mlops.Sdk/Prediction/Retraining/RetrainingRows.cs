using System.Text.Json;
using Microsoft.Data.Sqlite;
using Mlops.Store;

namespace Mlops.Prediction.Retraining;

/// <summary>The tables of triggers and retrainings.</summary>
internal sealed class RetrainingRows(NodeDatabase database)
{
    public static void Save(SqliteConnection db, TriggerRecord trigger) => db.Run(
        "INSERT INTO retrain_trigger (id, info) VALUES ($id, $info) ON CONFLICT (id) DO UPDATE SET info = excluded.info",
        ("$id", trigger.Id), ("$info", JsonSerializer.Serialize(trigger, RetrainingJson.Default.TriggerRecord)));

    public static void Save(SqliteConnection db, RetrainingInfo info) => db.Run(
        "INSERT INTO retraining (id, trigger_id, ended, info) VALUES ($id, $trigger, $ended, $info) ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, info = excluded.info",
        ("$id", info.Id), ("$trigger", info.Trigger), ("$ended", info.HasEnded ? 1L : 0L), ("$info", JsonSerializer.Serialize(info, RetrainingJson.Default.RetrainingInfo)));

    public static void Delete(SqliteConnection db, string trigger) => db.Run("DELETE FROM retrain_trigger WHERE id = $id", ("$id", trigger));

    public Task SaveAsync(TriggerRecord trigger) => database.WriteAsync(db => Save(db, trigger));

    public Task SaveAsync(RetrainingInfo info) => database.WriteAsync(db => Save(db, info));

    /// <summary>Returns all triggers, oldest first.</summary>
    public List<TriggerRecord> Triggers() => database.Read(db => db.Rows(
        "SELECT info FROM retrain_trigger ORDER BY number", r => JsonSerializer.Deserialize(r.GetString(0), RetrainingJson.Default.TriggerRecord)!));

    public RetrainingInfo? Find(string id) => database.Read(db => db.Rows("SELECT info FROM retraining WHERE id = $id", Info, ("$id", id))).SingleOrDefault();

    /// <summary>Returns retrainings, newest first.</summary>
    public List<RetrainingInfo> List(string? trigger, int limit) => database.Read(db => db.Rows(
        "SELECT info FROM retraining WHERE $trigger IS NULL OR trigger_id = $trigger ORDER BY number DESC LIMIT $limit", Info, ("$trigger", trigger), ("$limit", limit)));

    /// <summary>Returns those that have not ended, oldest first.</summary>
    public List<RetrainingInfo> Unended() => database.Read(db => db.Rows("SELECT info FROM retraining WHERE ended = 0 ORDER BY number", Info));

    private static RetrainingInfo Info(SqliteDataReader row) => JsonSerializer.Deserialize(row.GetString(0), RetrainingJson.Default.RetrainingInfo)!;
}
