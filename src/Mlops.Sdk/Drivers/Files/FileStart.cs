namespace Mlops.Drivers.Files;

/// <summary>Where reading begins in files that are there already.</summary>
public enum FileStart
{
    /// <summary>At their beginning.</summary>
    Beginning,

    /// <summary>At their end: only what is added from now on.</summary>
    End,
}
