namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>What a feature is.</summary>
public enum FeatureKind
{
    /// <summary>A group of features.</summary>
    Category,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Float,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>One of several names.</summary>
    Enumeration,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Something to execute.</summary>
    Command,

    /// <summary>Raw memory.</summary>
    Register,
}
