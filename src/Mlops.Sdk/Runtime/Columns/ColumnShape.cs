namespace Mlops.Runtime.Columns;

/// <summary>What a column needs of a block.</summary>
internal readonly record struct ColumnShape(string Name, ColumnKind Kind, long TextCapacity = 0);
