namespace Mlops.Client;

/// <summary>Puts another model into a deployment.</summary>
/// <param name="Model">The model.</param>
public sealed record DeploymentChange(string Model);
