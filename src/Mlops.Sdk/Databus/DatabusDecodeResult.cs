namespace Mlops.Databus;

/// <summary>What became of a message: so many rows, a hash version that nobody has announced yet, or the wish for a column for qualities.</summary>
internal readonly record struct DatabusDecodeResult(int Rows, long? UnknownHash, bool WantsQualities = false)
{
    public static DatabusDecodeResult Of(int rows) => new(rows, null);

    public static DatabusDecodeResult Unknown(long hash) => new(0, hash);

    public static DatabusDecodeResult Wanting { get; } = new(0, null, WantsQualities: true);
}
