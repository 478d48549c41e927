namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>A row of samples with the one above and the one below. Beyond an edge lies what lies before it, so that colours keep their places.</summary>
internal sealed class SampleRows(ushort[] samples, int width, int height)
{
    private readonly int[] _loaded = [-1, -1, -1];
    private int _row;

    /// <param name="dy">-1, 0 or 1.</param>
    /// <param name="x">Column; one beyond either edge is allowed.</param>
    public int this[int dy, int x] => samples[(Slot(Mirror(_row + dy, height)) * width) + Mirror(x, width)];

    /// <summary>Goes to a row; those that are loaded already are kept.</summary>
    public void Load(in PixelLayout layout, ReadOnlySpan<byte> pixels, int row, bool withNeighbours)
    {
        _row = row;
        for (int dy = withNeighbours ? -1 : 0; dy <= (withNeighbours ? 1 : 0); dy++)
        {
            int wanted = Mirror(row + dy, height);
            int slot = Slot(wanted);
            if (_loaded[slot] == wanted)
                continue;
            _loaded[slot] = wanted;
            SampleReader.Read(layout, pixels, (long)wanted * width, samples.AsSpan(slot * width, width));
        }
    }

    private static int Slot(int row) => row % 3;

    private static int Mirror(int at, int size) => size == 1 ? 0 : at < 0 ? -at : at >= size ? (2 * size) - 2 - at : at;
}
