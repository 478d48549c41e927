namespace Mlops.Testing.Surfaces;

/// <summary>What is wrong with a metal surface.</summary>
public enum SurfaceDefect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A scratch: long, thin, bright.</summary>
    Scratch,

    /// <summary>A pit: small, round, dark, with a bright rim on the side of the light.</summary>
    Pit,

    /// <summary>A stain: large, of soft outline, a little darker.</summary>
    Stain,
}
