namespace Mlops.Runtime.Columns;

// ONE BLOCK OF MEMORY, SEEN BY HOST AND PYTHON
//
//   header      int64 rows, int64 whether any input has nulls, then what CallBell has (int64 each)
//               where windows are answered: each is so many of these rows, and has one label (that of its last row) and one answer
//   nulls       a byte for each input and the label: 1 = this one has nulls
//   timestamps  int64 nanoseconds for each row
//   inputs, label, outputs: the sections of each column, in that order
//
// Every section starts at a multiple of 64 bytes. Rows beyond the header's number hold what earlier batches left. The host computes the
// layout and sends it as JSON; the Python side (mlops/_block.py) only follows it. In process the memory belongs to Python; a worker maps
// a file. Between two calls only the host writes; during a call only Python does, and only to the outputs.

/// <summary>Where everything lies in a block of memory that host and Python share.</summary>
internal sealed class ColumnLayout
{
    private const int Alignment = 64;

    public ColumnLayout(long capacity, IReadOnlyList<ColumnShape> inputs, ColumnShape? label, IReadOnlyList<ColumnShape> outputs, int window = 0)
    {
        Capacity = capacity;
        Window = window;
        long end = Alignment;
        Nulls = Take(ref end, inputs.Count + 1);
        Timestamps = Take(ref end, capacity * sizeof(long));
        Inputs = [.. inputs.Select(shape => Place(ref end, shape, isAnswer: false))];
        Label = label is { } shape ? Place(ref end, shape, isAnswer: false) : null;
        Outputs = [.. outputs.Select(shape => Place(ref end, shape, isAnswer: true))];
        Size = end;
    }

    /// <summary>Gets the number of rows that fit.</summary>
    public long Capacity { get; }

    /// <summary>Gets the number of rows of a window; 0 where each row is answered by itself.</summary>
    public int Window { get; }

    public long Nulls { get; }

    public long Timestamps { get; }

    public IReadOnlyList<ColumnSlot> Inputs { get; }

    public ColumnSlot? Label { get; }

    public IReadOnlyList<ColumnSlot> Outputs { get; }

    /// <summary>Gets the length of the whole block in bytes.</summary>
    internal long Size { get; }

    private ColumnSlot Place(ref long end, ColumnShape shape, bool isAnswer)
    {
        bool isText = shape.Kind == ColumnKind.Text;
        long width = shape.Dimensions is { } dimensions ? dimensions.Aggregate(1L, static (product, length) => product * length) : sizeof(long);
        long values = Take(ref end, checked((Capacity + (isText ? 1 : 0)) * width));
        long present = isText || isAnswer ? Take(ref end, Capacity) : 0;
        long text = isText ? Take(ref end, shape.TextCapacity) : 0;
        return new ColumnSlot(shape.Name, shape.Kind, values, present, text, shape.TextCapacity, shape.Dimensions);
    }

    private static long Take(ref long end, long bytes)
    {
        long start = end;
        end = checked((start + bytes + Alignment - 1) / Alignment * Alignment);
        return start;
    }
}
