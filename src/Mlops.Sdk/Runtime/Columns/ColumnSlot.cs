namespace Mlops.Runtime.Columns;

/// <summary>Where a column lies in a block: offsets in bytes from its start.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Kind">How its values are written.</param>
/// <param name="Values">The values, or the offsets of a text.</param>
/// <param name="Present">A byte a value; only for texts and for answers.</param>
/// <param name="Text">The UTF-8 bytes of a text.</param>
/// <param name="TextCapacity">How many bytes of text fit.</param>
/// <param name="Dimensions">Of a picture: height, width, and 3 for colours; <see langword="null"/> for other values.</param>
internal sealed record ColumnSlot(string Name, ColumnKind Kind, long Values, long Present, long Text, long TextCapacity, int[]? Dimensions = null)
{
    /// <summary>Gets the bytes of one picture.</summary>
    internal long PictureBytes => Dimensions is null ? 0 : Dimensions.Aggregate(1L, static (product, length) => product * length);
}
