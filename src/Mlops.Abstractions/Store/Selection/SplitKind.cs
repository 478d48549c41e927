namespace Mlops.Store.Selection;

/// <summary>By what records are held out.</summary>
public enum SplitKind
{
    /// <summary>Each record by chance.</summary>
    Random,

    /// <summary>The newest by their own time.</summary>
    Time,

    /// <summary>All records with the same value of a field together, by chance.</summary>
    Group,
}
