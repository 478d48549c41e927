using System.Text.Json;
using Microsoft.Data.Sqlite;
using Mlops.Data;
using Mlops.Store;
using Mlops.Training;
using Mlops.Training.Lifecycle;

namespace Mlops.Prediction;

/// <summary>What the database remembers of deployments: what they are, which models they use, and how that came about.</summary>
internal sealed class DeploymentCatalog(NodeDatabase database, LifecycleJournal journal)
{
    /// <summary>Stores a deployment as it is from now on, and what made it so.</summary>
    public Task SaveAsync(DeploymentRecord record, string action, string? model, string? author, Action<SqliteConnection>? more = null) => journal.WriteAsync(
        record.Id,
        action,
        db =>
        {
            Save(db, record);
            more?.Invoke(db);
        },
        model,
        author);

    public List<DeploymentRecord> List() => database.Read(db => db.Rows(
        "SELECT id, state, request, feed, created, models, candidate FROM deployment ORDER BY number",
        row =>
        {
            DeploymentRequest request = JsonSerializer.Deserialize(row.GetString(2), PredictionJson.Default.DeploymentRequest)!;
            return new DeploymentRecord(
                row.GetString(0),
                request,
                row.IsDBNull(5) ? [request.Model] : JsonSerializer.Deserialize(row.GetString(5), PredictionJson.Default.IReadOnlyListString)!,
                row.IsDBNull(6) ? null : JsonSerializer.Deserialize(row.GetString(6), PredictionJson.Default.CandidateRecord),
                row.GetString(3),
                row.GetString(1) == "stopped",
                EpochTime.ToDateTimeOffset(row.GetInt64(4)));
        }));

    private static void Save(SqliteConnection db, DeploymentRecord record)
    {
        db.Run(
            """
            INSERT INTO deployment (id, state, request, feed, created, models, candidate) VALUES ($id, $state, $request, $feed, $created, $models, $candidate)
            ON CONFLICT (id) DO UPDATE SET state = $state, request = $request, models = $models, candidate = $candidate
            """,
            ("$id", record.Id),
            ("$state", record.Stopped ? "stopped" : "running"),
            ("$request", JsonSerializer.Serialize(record.Request, PredictionJson.Default.DeploymentRequest)),
            ("$feed", record.PredictionFeed),
            ("$created", EpochTime.FromDateTimeOffset(record.Created)),
            ("$models", JsonSerializer.Serialize(record.Models, PredictionJson.Default.IReadOnlyListString)),
            ("$candidate", record.Candidate is null ? null : JsonSerializer.Serialize(record.Candidate, PredictionJson.Default.CandidateRecord)));
        db.Run("DELETE FROM deployment_model WHERE deployment = $id", ("$id", record.Id));
        if (record.Stopped)
            return;
        ModelRegistry.SetStage(db, record.Request.Model, ModelStage.Production);
        if (record.Candidate is { } candidate)
            db.Run("UPDATE model SET stage = 'candidate' WHERE id = $id AND stage = 'none'", ("$id", candidate.Model));
        Use(db, record.Id, "production", record.Request.Model);
        Use(db, record.Id, "previous", record.PreviousModel);
        Use(db, record.Id, "candidate", record.Candidate?.Model);
    }

    private static void Use(SqliteConnection db, string deployment, string role, string? model)
    {
        if (model is not null)
            db.Run("INSERT INTO deployment_model (deployment, role, model) VALUES ($deployment, $role, $model)", ("$deployment", deployment), ("$role", role), ("$model", model));
    }
}
