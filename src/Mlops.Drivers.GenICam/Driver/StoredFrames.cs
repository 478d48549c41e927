namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Which frames are stored.</summary>
public enum StoredFrames
{
    /// <summary>Every frame.</summary>
    All,

    /// <summary>One in so many.</summary>
    Some,

    /// <summary>Those that a prediction asks for, with the ones around them.</summary>
    Asked,

    /// <summary>None.</summary>
    None,
}
