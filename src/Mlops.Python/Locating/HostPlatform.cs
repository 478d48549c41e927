namespace Mlops.Python.Locating;

/// <summary>The families of operating systems that install Python differently.</summary>
internal enum HostPlatform
{
    OtherUnix,
    Debian,
    Fedora,
    Alpine,
    MacOS,
    Windows,
}
