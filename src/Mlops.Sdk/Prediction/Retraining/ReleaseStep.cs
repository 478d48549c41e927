namespace Mlops.Prediction.Retraining;

/// <summary>The next step of a model that a trigger has trained.</summary>
public enum ReleaseStep
{
    /// <summary>It stays in the registry.</summary>
    Keep,

    /// <summary>It answers silently beside the production model of the deployment.</summary>
    Shadow,

    /// <summary>It answers a share of the deployment's records.</summary>
    Canary,

    /// <summary>It becomes the production model of the deployment.</summary>
    Promote,
}
