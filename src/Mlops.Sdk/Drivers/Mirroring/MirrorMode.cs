namespace Mlops.Drivers.Mirroring;

/// <summary>What of an asset's feeds is published on MQTT.</summary>
internal enum MirrorMode
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>What was not published yet.</summary>
    Resume,

    /// <summary>What is written from now on.</summary>
    FromNow,
}
