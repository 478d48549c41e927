using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Store.Transfer;

namespace Mlops.Store.Labelling;

/// <summary>Reads labels from CSV.</summary>
internal sealed class LabelCsv
{
    private const int MaxProblems = 1000;
    private static readonly string[] Known = ["value", "set", "author", "row", "seq", "ts", "from", "to"];
    private readonly CsvReader _reader;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly string _set;
    private readonly string? _author;
    private readonly string? _key;

    /// <exception cref="ArgumentException">The first line does not name the columns.</exception>
    public LabelCsv(TextReader text, FeedSchema schema, string set, string? author)
    {
        _reader = new CsvReader(text);
        (_set, _author) = (set, author);
        if (!_reader.Read())
            throw Refuse(schema, "it is empty");
        for (int i = 0; i < _reader.Cells.Count; i++)
        {
            if (_reader.Cells[i] is not { } name || !_columns.TryAdd(name, i))
                throw Refuse(schema, $"column {i + 1} has no name, or that of another");
        }

        string[] keys = [.. _columns.Keys.Except(Known)];
        if (!_columns.ContainsKey("value"))
            throw Refuse(schema, "there is no column 'value'");
        if (keys.FirstOrDefault(k => schema.IndexOf(k) < 0) is { } unknown)
            throw Refuse(schema, $"'{unknown}' is neither a column of labels ({string.Join(", ", Known)}) nor a field of the feed ({string.Join(", ", schema.Fields.Select(f => f.Name))})");
        int ways = keys.Length + (Has("row") ? 1 : 0) + (Has("seq") ? 1 : 0) + (Has("from") ? 1 : 0);
        if (ways != 1 || Has("from") != Has("to") || (Has("ts") && !Has("seq")))
            throw Refuse(schema, "the columns do not name records in exactly one way: row, seq (and ts), from and to, or a field");
        _key = keys.FirstOrDefault();
    }

    /// <summary>Gets how many lines were not taken.</summary>
    public long Rejected { get; private set; }

    public List<LineProblem> Problems { get; } = [];

    /// <summary>Reads all labels.</summary>
    public List<Label> Read(CancellationToken cancellationToken)
    {
        var labels = new List<Label>();
        try
        {
            while (_reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Label(out string? problem) is { } label && problem is null)
                    labels.Add(label);
                else
                    Reject(problem!);
            }
        }
        catch (FormatException e)
        {
            Reject($"{e.Message} The rest of the text was not read.");
        }

        return labels;
    }

    private Label? Label(out string? problem)
    {
        problem = _reader.Cells.Count != _columns.Count ? $"it has {_reader.Cells.Count} values, and the first line names {_columns.Count}" : null;
        if (problem is not null)
            return null;
        if (Cell("value") is not { } value)
        {
            problem = "it has no value";
            return null;
        }

        var label = new Label { Set = Cell("set") ?? _set, Value = value, Author = Cell("author") ?? _author, Source = "csv" };
        label = _key is not null ? label with { KeyField = _key, KeyValue = Cell(_key) }
            : Has("row") ? label with { Position = Number("row", ref problem) }
            : Has("seq") ? label with { Sequence = Number("seq", ref problem), Time = Instant("ts", ref problem) }
            : label with { From = Instant("from", ref problem), To = Instant("to", ref problem) };
        problem ??= LabelStore.Fault(label);
        return label;
    }

    private bool Has(string column) => _columns.ContainsKey(column);

    private string? Cell(string column) => _columns.TryGetValue(column, out int index) ? _reader.Cells[index] : null;

    private long? Number(string column, ref string? problem)
    {
        if (long.TryParse(Cell(column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            return number;
        problem = $"'{Cell(column)}' in column '{column}' is no whole number";
        return null;
    }

    private long? Instant(string column, ref string? problem)
    {
        if (Cell(column) is not { } text)
            return null;
        if (IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out long nanoseconds) || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out nanoseconds))
            return nanoseconds;
        problem = $"'{text}' in column '{column}' is no time; write it like 2024-05-01T12:00:00Z";
        return null;
    }

    private void Reject(string reason)
    {
        Rejected++;
        if (Problems.Count < MaxProblems)
            Problems.Add(new LineProblem(_reader.Line, reason));
    }

    private static ArgumentException Refuse(FeedSchema schema, string why) =>
        new($"The labels for feed '{schema.Feed}' cannot be imported: {why}. The first line names the columns, for example: row,value.");
}
