namespace Mlops.Prediction;

/// <summary>Where a deployment stands.</summary>
public enum DeploymentState
{
    /// <summary>Its model is being loaded.</summary>
    Loading,

    /// <summary>It answers.</summary>
    Running,

    /// <summary>Its code fails; it tries again with back-off and loses no record meanwhile.</summary>
    Faulted,

    /// <summary>Ended on request.</summary>
    Stopped,
}
