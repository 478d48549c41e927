namespace Mlops.Workflows.Packages;

/// <summary>The checksum of zip files (ISO 3309, polynomial 0xEDB88320). The framework writes it but does not check it.</summary>
internal struct Crc32()
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (c, _) => (c & 1) != 0 ? (c >> 1) ^ 0xEDB88320 : c >> 1))];
    private uint _state = uint.MaxValue;

    public readonly uint Value => ~_state;

    public void Append(ReadOnlySpan<byte> data)
    {
        uint state = _state;
        foreach (byte b in data)
            state = (state >> 8) ^ Table[(byte)(state ^ b)];
        _state = state;
    }
}
