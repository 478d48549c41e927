namespace Mlops.Testing.Csv;

/// <summary>Is one column of a <see cref="CsvTable"/>.</summary>
/// <param name="Name">The name from the header, without surrounding white space; <c>column_N</c> where the header has none.</param>
/// <param name="Index">The position, from 0.</param>
/// <param name="Type">What its values are; <see cref="CsvColumnType.Text"/> if it has none.</param>
public sealed record CsvColumn(string Name, int Index, CsvColumnType Type);
