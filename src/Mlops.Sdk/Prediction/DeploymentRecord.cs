namespace Mlops.Prediction;

/// <summary>A deployment as the database remembers it.</summary>
internal sealed record DeploymentRecord(string Id, DeploymentRequest Request, string PredictionFeed, bool Stopped, DateTimeOffset Created);
