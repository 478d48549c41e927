namespace Mlops.Databus;

/// <summary>What became of a message: so many rows, or a hash version that nobody has announced yet.</summary>
internal readonly record struct DatabusDecodeResult(int Rows, long? UnknownHash)
{
    public static DatabusDecodeResult Of(int rows) => new(rows, null);

    public static DatabusDecodeResult Unknown(long hash) => new(0, hash);
}
