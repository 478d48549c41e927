namespace Mlops.Workflows;

/// <summary>Which truth a window has among those of its records.</summary>
public enum WindowLabel
{
    /// <summary>That of most of its records; of those that are as frequent, the newest.</summary>
    Majority,

    /// <summary>That of its last record.</summary>
    Last,

    /// <summary>The one that all its records have; training leaves out windows with several.</summary>
    Whole,
}
