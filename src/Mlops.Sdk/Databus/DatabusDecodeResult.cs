namespace Mlops.Databus;

/// <summary>What became of a message: so many rows, a hash version (or none, which means the newest) that nobody has announced yet, or the wish for a column for qualities.</summary>
internal readonly record struct DatabusDecodeResult(int Rows, bool IsUnknown, long? Hash = null, bool WantsQualities = false)
{
    public static DatabusDecodeResult Of(int rows) => new(rows, IsUnknown: false);

    public static DatabusDecodeResult Unknown(long? hash) => new(0, IsUnknown: true, hash);

    public static DatabusDecodeResult Wanting { get; } = new(0, IsUnknown: false, WantsQualities: true);
}
