namespace Mlops.Runtime.Columns;

/// <summary>Where a column lies in a block: offsets in bytes from its start.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Kind">How its values are written.</param>
/// <param name="Values">The values, or the offsets of a text.</param>
/// <param name="Present">A byte a value; only for texts and for answers.</param>
/// <param name="Text">The UTF-8 bytes of a text.</param>
/// <param name="TextCapacity">How many bytes of text fit.</param>
internal sealed record ColumnSlot(string Name, ColumnKind Kind, long Values, long Present, long Text, long TextCapacity);
