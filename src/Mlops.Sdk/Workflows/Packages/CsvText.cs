using System.Text;

namespace Mlops.Workflows.Packages;

/// <summary>Splits comma-separated text (RFC 4180) into rows with the line that each begins on.</summary>
internal static class CsvText
{
    /// <summary>Splits.</summary>
    /// <returns>Rows without empty lines; <see langword="null"/> cells were empty and not quoted.</returns>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static IEnumerable<(int Line, IReadOnlyList<string?> Cells)> Rows(string text)
    {
        int line = 1;
        for (int at = text.StartsWith('\uFEFF') ? 1 : 0; at < text.Length;)
        {
            int first = line;
            List<string?> cells = Row(text, ref at, ref line);
            if (cells is not [null])
                yield return (first, cells);
        }
    }

    private static List<string?> Row(string text, ref int at, ref int line)
    {
        var cells = new List<string?>();
        var cell = new StringBuilder();
        bool quoted = false, inside = false;
        int opened = line;
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '\n')
                line++;
            if (inside)
            {
                if (c != '"')
                    cell.Append(c);
                else if (at + 1 < text.Length && text[at + 1] == '"')
                    cell.Append(text[++at]);
                else
                    inside = false;
            }
            else if (c == '"' && cell.Length == 0 && !quoted)
            {
                (inside, quoted, opened) = (true, true, line);
            }
            else if (c is ',' or '\n')
            {
                Finish();
                if (c == '\n')
                {
                    at++;
                    return cells;
                }
            }
            else if (c != '\r' || at + 1 >= text.Length || text[at + 1] != '\n')
            {
                cell.Append(c);
            }
        }

        if (inside)
            throw new FormatException($"Line {opened}: a quote is not closed.");
        Finish();
        return cells;

        void Finish()
        {
            cells.Add(cell.Length == 0 && !quoted ? null : cell.ToString());
            cell.Clear();
            quoted = false;
        }
    }
}
