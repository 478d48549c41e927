namespace Mlops.Training;

/// <summary>What a model is meant for.</summary>
public enum ModelStage
{
    /// <summary>Nobody has said.</summary>
    None,

    /// <summary>It is being tried.</summary>
    Candidate,

    /// <summary>It is fit for production.</summary>
    Production,

    /// <summary>It is kept for the record and cannot be deployed.</summary>
    Archived,
}
