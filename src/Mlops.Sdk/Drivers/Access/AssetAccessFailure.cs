namespace Mlops.Drivers;

/// <summary>Why an asset could not be reached through its driver.</summary>
public enum AssetAccessFailure
{
    /// <summary>There is no such asset.</summary>
    NoSuchAsset,

    /// <summary>No driver of that kind is registered.</summary>
    NoSuchKind,

    /// <summary>Its driver does not run now.</summary>
    NotRunning,

    /// <summary>Its driver cannot do this.</summary>
    NotSupported,

    /// <summary>What was asked for is wrong.</summary>
    BadRequest,

    /// <summary>The driver could not do it.</summary>
    Failed,

    /// <summary>The driver did not answer in time.</summary>
    TimedOut,
}
