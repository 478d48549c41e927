using System.Text.Json;
using Mlops.Store;

namespace Mlops.Prediction.Backtests;

/// <summary>The table of backtests.</summary>
internal sealed class BacktestRecords(NodeDatabase database)
{
    public Task SaveAsync(BacktestInfo info) => database.WriteAsync(db => db.Run(
        "INSERT INTO backtest (id, state, info) VALUES ($id, $state, $info) ON CONFLICT (id) DO UPDATE SET state = excluded.state, info = excluded.info",
        ("$id", info.Id),
        ("$state", info.State.ToString().ToLowerInvariant()),
        ("$info", JsonSerializer.Serialize(info, PredictionJson.Default.BacktestInfo))));

    public BacktestInfo? Find(string id) => database.Read(db => db.Rows("SELECT info FROM backtest WHERE id = $id", r => Info(r.GetString(0)), ("$id", id))).SingleOrDefault();

    /// <summary>Returns all backtests, newest first.</summary>
    public List<BacktestInfo> List() => database.Read(db => db.Rows("SELECT info FROM backtest ORDER BY number DESC", r => Info(r.GetString(0))));

    /// <summary>Returns those that have not ended, oldest first.</summary>
    public List<BacktestInfo> Unfinished() => database.Read(db => db.Rows(
        "SELECT info FROM backtest WHERE state IN ('queued', 'running') ORDER BY number", r => Info(r.GetString(0))));

    private static BacktestInfo Info(string json) => JsonSerializer.Deserialize(json, PredictionJson.Default.BacktestInfo)!;
}
