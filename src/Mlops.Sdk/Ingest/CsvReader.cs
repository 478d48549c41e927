using System.Text;

namespace Mlops.Ingest;

/// <summary>Reads comma-separated text (RFC 4180) row by row, with no more in memory than a row. Empty lines are passed over.</summary>
internal sealed class CsvReader(TextReader text)
{
    private const int MaxRowLength = 4_000_000;
    private readonly StringBuilder _cell = new();
    private readonly List<string?> _cells = [];
    private long _next = 1;

    /// <summary>Gets the line on which the row begins that was read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Gets the cells of the row that was read last; <see langword="null"/> where a cell was empty and not quoted.</summary>
    public IReadOnlyList<string?> Cells => _cells;

    /// <summary>Reads the next row.</summary>
    /// <returns><see langword="false"/> at the end.</returns>
    /// <exception cref="FormatException">A quote is not closed, or a row is too long: what follows cannot be made sense of.</exception>
    public bool Read()
    {
        while (text.Peek() >= 0)
        {
            Line = _next;
            ReadRow();
            if (_cells is not [null])
                return true;
        }

        return false;
    }

    private void ReadRow()
    {
        _cells.Clear();
        _cell.Clear();
        bool quoted = false, inside = false;
        int length = 0;
        for (int c; (c = text.Read()) >= 0;)
        {
            if (c == '\n')
                _next++;
            if (++length > MaxRowLength)
                throw new FormatException($"Line {Line}: the row is longer than {MaxRowLength} characters. A quote may be missing.");
            if (inside)
            {
                if (c != '"')
                    _cell.Append((char)c);
                else if (text.Peek() == '"')
                    _cell.Append((char)text.Read());
                else
                    inside = false;
            }
            else if (c == '"' && _cell.Length == 0 && !quoted)
            {
                (inside, quoted) = (true, true);
            }
            else if (c == ',')
            {
                Finish(ref quoted);
            }
            else if (c == '\n')
            {
                break;
            }
            else if (c != '\r' || text.Peek() is not ('\n' or -1))
            {
                _cell.Append((char)c);
            }
        }

        if (inside)
            throw new FormatException($"Line {Line}: a quote is not closed.");
        Finish(ref quoted);
    }

    private void Finish(ref bool quoted)
    {
        _cells.Add(_cell.Length == 0 && !quoted ? null : _cell.ToString());
        _cell.Clear();
        quoted = false;
    }
}
