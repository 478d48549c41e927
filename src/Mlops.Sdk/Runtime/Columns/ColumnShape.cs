namespace Mlops.Runtime.Columns;

/// <summary>What a column needs of a block.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Kind">How its values are written.</param>
/// <param name="TextCapacity">How many bytes of text it has at most.</param>
/// <param name="Dimensions">Of a picture: height, width, and 3 for colours.</param>
internal readonly record struct ColumnShape(string Name, ColumnKind Kind, long TextCapacity = 0, int[]? Dimensions = null);
