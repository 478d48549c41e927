using System.Text;

namespace Mlops.Testing.Csv;

/// <summary>
/// Holds a CSV file: named columns with inferred types, and rows. Only an empty cell is missing (<see langword="null"/>);
/// <c>NA</c> and the like are text. Immutable, so safe to read from several threads.
/// </summary>
public sealed class CsvTable
{
    private readonly string?[][] _rows;
    private readonly int[] _lines;

    private CsvTable(string file, IReadOnlyList<CsvColumn> columns, string?[][] rows, int[] lines)
    {
        File = file;
        Columns = columns;
        _rows = rows;
        _lines = lines;
    }

    /// <summary>Gets the file, or the name that its text was given.</summary>
    public string File { get; }

    /// <summary>Gets the columns in the file's order.</summary>
    public IReadOnlyList<CsvColumn> Columns { get; }

    /// <summary>Gets the number of rows.</summary>
    public int RowCount => _rows.Length;

    /// <summary>Gets the text of a cell; <see langword="null"/> where it is empty.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">One of <see cref="Columns"/>.</param>
    public string? this[int row, CsvColumn column] => _rows[row][column.Index];

    /// <summary>Reads a file in UTF-8 (or what its byte order mark says; Latin-1 if it is not valid UTF-8).</summary>
    /// <param name="path">The file.</param>
    /// <param name="delimiter">The delimiter; detected among comma, semicolon, tab and bar if <see langword="null"/>.</param>
    /// <returns>The table.</returns>
    /// <exception cref="CsvException">The text is no usable table; the derived type says why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvTable Load(string path, char? delimiter = null)
    {
        string text;
        try
        {
            text = System.IO.File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException)
        {
            text = System.IO.File.ReadAllText(path, Encoding.Latin1);
        }

        return Parse(text, path, delimiter);
    }

    /// <summary>Reads CSV text.</summary>
    /// <param name="text">The text, header line first.</param>
    /// <param name="file">The name under which errors speak of it.</param>
    /// <param name="delimiter">The delimiter; detected among comma, semicolon, tab and bar if <see langword="null"/>.</param>
    /// <returns>The table.</returns>
    /// <exception cref="CsvException">The text is no usable table; the derived type says why.</exception>
    public static CsvTable Parse(string text, string file, char? delimiter = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.TrimStart('\uFEFF');
        var reader = new CsvRecordReader(new StringReader(text), delimiter ?? CsvDelimiter.Detect(text), file);
        var fields = new List<string>();
        if (!reader.Read(fields))
            throw CsvNoRowsException.Empty(file);
        var names = Names(fields, file);
        var (rows, lines) = Rows(reader, fields, names.Count, file);
        if (rows.Length == 0)
            throw CsvNoRowsException.HeaderOnly(file);
        var columns = names.Select((name, i) => new CsvColumn(name, i, CsvTypes.Infer(rows.Select(row => row[i])))).ToArray();
        return new CsvTable(file, columns, rows, lines);
    }

    /// <summary>Returns a column by its name.</summary>
    /// <param name="name">The name, in the header's letter case.</param>
    /// <param name="role">What the column is wanted for, for the error's sake: <c>label</c>, <c>time</c>.</param>
    /// <returns>The column.</returns>
    /// <exception cref="CsvColumnNotFoundException">There is none of that name.</exception>
    public CsvColumn Column(string name, string role = "data")
    {
        ArgumentNullException.ThrowIfNull(name);
        return Columns.FirstOrDefault(column => column.Name == name.Trim())
            ?? throw new CsvColumnNotFoundException(File, role, name, [.. Columns.Select(column => column.Name)]);
    }

    /// <summary>Returns the line of the file where a row begins, from 1.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <returns>The line.</returns>
    public int Line(int row) => _lines[row];

    private static List<string> Names(List<string> header, string file)
    {
        var names = new List<string>(header.Count);
        foreach (var field in header)
        {
            var name = field.Trim();
            name = name.Length > 0 ? name : $"column_{names.Count + 1}";
            var earlier = names.IndexOf(name);
            if (earlier >= 0)
                throw new CsvDuplicateColumnException(file, name, earlier + 1, names.Count + 1);
            names.Add(name);
        }

        return names;
    }

    private static (string?[][] Rows, int[] Lines) Rows(CsvRecordReader reader, List<string> fields, int width, string file)
    {
        var rows = new List<string?[]>();
        var lines = new List<int>();
        // Classes and other words repeat in every row: keeping one copy of each text halves the table.
        var texts = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read(fields))
        {
            if (fields.Count != width)
                throw new CsvBrokenLineException(file, reader.Line, width, fields.Count);
            var row = new string?[width];
            for (var i = 0; i < width; i++)
                row[i] = fields[i].Length == 0 ? null : Shared(texts, fields[i]);
            rows.Add(row);
            lines.Add(reader.Line);
        }

        return ([.. rows], [.. lines]);
    }

    private static string Shared(HashSet<string> texts, string text)
    {
        if (texts.TryGetValue(text, out var known))
            return known;
        if (texts.Count < 10_000)
            texts.Add(text);
        return text;
    }
}
