namespace Mlops.Workflows;

/// <summary>What prediction does with a record that lacks a value of an input.</summary>
public enum MissingValues
{
    /// <summary>Takes the last value seen of that input in this deployment; null before the first.</summary>
    Last,

    /// <summary>Hands null to the code (NaN or None).</summary>
    Null,

    /// <summary>Leaves the record unanswered.</summary>
    Skip,

    /// <summary>Takes the default that the manifest declares for the input.</summary>
    Default,
}
