namespace Mlops.Testing.Csv;

/// <summary>Reads one column of a table as the classes, or the quantity, to learn; rows without a value in it are left out.</summary>
public sealed class CsvLabels
{
    /// <summary>The most different whole numbers that are taken for classes; more are taken for a quantity.</summary>
    public const int MaxIntegerClasses = 20;

    private readonly CsvTable _table;

    /// <summary>Takes the labels from a column.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The name of the label column.</param>
    /// <param name="quantity">Whether it holds a quantity to estimate, and not classes.</param>
    /// <exception cref="CsvColumnNotFoundException">The table has no such column.</exception>
    /// <exception cref="CsvNoRowsException">No row has a label.</exception>
    /// <exception cref="CsvSingleClassException">All labels are equal.</exception>
    /// <exception cref="CsvRegressionException">Classes are wanted, and the labels are fractions, or more than <see cref="MaxIntegerClasses"/> different whole numbers; or a quantity is wanted, and they are no numbers.</exception>
    public CsvLabels(CsvTable table, string column, bool quantity = false)
    {
        ArgumentNullException.ThrowIfNull(table);
        _table = table;
        Column = table.Column(column, "label");
        Rows = [.. Enumerable.Range(0, table.RowCount).Where(row => this[row] is not null)];
        Classes = [.. Rows.Select(row => this[row]!).Distinct().Order(StringComparer.Ordinal)];
        Validate(quantity);
    }

    /// <summary>Gets the label column.</summary>
    public CsvColumn Column { get; }

    /// <summary>Gets the rows that have a label, in the file's order.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>Gets the different labels, sorted by their characters.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Gets the label of a row; <see langword="null"/> if it has none.</summary>
    /// <param name="row">The row of the table, from 0.</param>
    public string? this[int row] => _table[row, Column];

    private void Validate(bool quantity)
    {
        if (Rows.Count == 0)
            throw CsvNoRowsException.NoneLabelled(_table.File, Column.Name, _table.RowCount);
        if (Classes.Count == 1)
            throw new CsvSingleClassException(_table.File, Column.Name, Classes[0], Rows.Count);
        bool isNumber = Column.Type is CsvColumnType.Integer or CsvColumnType.Decimal;
        if (quantity && !isNumber)
            throw CsvRegressionException.Words(_table.File, Column.Name, Classes[0]);
        if (quantity || !isNumber)
            return;
        var numbers = Classes.Select(text => (Text: text, Value: CsvTypes.ToDouble(text))).ToArray();
        foreach (var (text, value) in numbers)
        {
            if (value != Math.Floor(value))
                throw CsvRegressionException.Fractions(_table.File, Column.Name, text);
        }

        var distinct = numbers.Select(number => number.Value).Distinct().Count();
        if (distinct > MaxIntegerClasses)
            throw CsvRegressionException.ManyIntegers(_table.File, Column.Name, distinct);
    }
}
