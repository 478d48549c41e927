namespace Mlops.Prediction;

/// <summary>Which records a deployment answers.</summary>
public enum Delivery
{
    /// <summary>Each one.</summary>
    Every,

    /// <summary>The newest; those that arrived while the model was busy are skipped.</summary>
    Latest,
}
