using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;
using Mlops.Store;

namespace Mlops.Training;

/// <summary>The table of trainings.</summary>
internal sealed class TrainingRecords(NodeDatabase database)
{
    public Task AddAsync(TrainingInfo info, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Run("INSERT INTO training (id, state, info) VALUES ($id, $state, $info)", ("$id", info.Id), ("$state", State(info)), ("$info", Text(info))),
        cancellationToken);

    public Task SaveAsync(TrainingInfo info) => database.WriteAsync(connection => connection.Run(
        "UPDATE training SET state = $state, info = $info WHERE id = $id", ("$id", info.Id), ("$state", State(info)), ("$info", Text(info))));

    /// <summary>Stores a training that has ended, with what it said, and its model if it has one: both or neither.</summary>
    public Task EndAsync(TrainingInfo info, IReadOnlyList<RunLogLine> lines, IReadOnlyList<MetricPoint> history, Action<SqliteConnection>? addModel = null) =>
        database.WriteAsync(connection =>
        {
            addModel?.Invoke(connection);
            connection.Run(
                "UPDATE training SET state = $state, info = $info, log = $log, history = $history WHERE id = $id",
                ("$id", info.Id),
                ("$state", State(info)),
                ("$info", Text(info)),
                ("$log", JsonSerializer.Serialize(lines, TrainingJson.Default.IReadOnlyListRunLogLine)),
                ("$history", JsonSerializer.Serialize(history, TrainingJson.Default.IReadOnlyListMetricPoint)));
        });

    public TrainingInfo? Find(string id) =>
        database.Read(c => c.Rows("SELECT info FROM training WHERE id = $id", r => Info(r.GetString(0)), ("$id", id))).SingleOrDefault();

    /// <summary>Returns all trainings, newest first.</summary>
    public List<TrainingInfo> List() => database.Read(c => c.Rows("SELECT info FROM training ORDER BY number DESC", r => Info(r.GetString(0))));

    /// <summary>Returns trainings that have not ended, oldest first.</summary>
    public List<TrainingInfo> Unfinished() => database.Read(c => c.Rows(
        "SELECT info FROM training WHERE state IN ('queued', 'running') ORDER BY number", r => Info(r.GetString(0))));

    public IReadOnlyList<RunLogLine> Log(string id) => Column(id, "log", TrainingJson.Default.IReadOnlyListRunLogLine);

    public IReadOnlyList<MetricPoint> History(string id) => Column(id, "history", TrainingJson.Default.IReadOnlyListMetricPoint);

    private IReadOnlyList<T> Column<T>(string id, string column, JsonTypeInfo<IReadOnlyList<T>> type) =>
        database.Read(c => c.Scalar<string>($"SELECT {column} FROM training WHERE id = $id", ("$id", id))) is { } json
            ? JsonSerializer.Deserialize(json, type)!
            : [];

    private static string State(TrainingInfo info) => info.State.ToString().ToLowerInvariant();

    private static string Text(TrainingInfo info) => JsonSerializer.Serialize(info, TrainingJson.Default.TrainingInfo);

    private static TrainingInfo Info(string json) => JsonSerializer.Deserialize(json, TrainingJson.Default.TrainingInfo)!;
}
