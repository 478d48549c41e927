using System.Text.Json;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Prediction;

/// <summary>What the database remembers of deployments.</summary>
internal sealed class DeploymentCatalog(NodeDatabase database)
{
    public Task SaveAsync(DeploymentRecord record) => database.WriteAsync(db => db.Run(
        """
        INSERT INTO deployment (id, state, request, feed, created) VALUES ($id, $state, $request, $feed, $created)
        ON CONFLICT (id) DO UPDATE SET state = $state, request = $request
        """,
        ("$id", record.Id),
        ("$state", record.Stopped ? "stopped" : "running"),
        ("$request", JsonSerializer.Serialize(record.Request, PredictionJson.Default.DeploymentRequest)),
        ("$feed", record.PredictionFeed),
        ("$created", EpochTime.FromDateTimeOffset(record.Created))));

    public List<DeploymentRecord> List() => database.Read(db => db.Rows(
        "SELECT id, state, request, feed, created FROM deployment ORDER BY number",
        row => new DeploymentRecord(
            row.GetString(0),
            JsonSerializer.Deserialize(row.GetString(2), PredictionJson.Default.DeploymentRequest)!,
            row.GetString(3),
            row.GetString(1) == "stopped",
            EpochTime.ToDateTimeOffset(row.GetInt64(4)))));
}
