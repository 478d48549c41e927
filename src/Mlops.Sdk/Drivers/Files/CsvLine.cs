using System.Text;

namespace Mlops.Drivers.Files;

/// <summary>Splits a CSV line (RFC 4180: quotes around values, doubled inside).</summary>
internal static class CsvLine
{
    private static readonly char[] Candidates = [',', ';', '\t', '|'];

    /// <summary>Returns the most frequent of the usual delimiters.</summary>
    public static char Delimiter(string line) => Candidates.MaxBy(c => line.Count(x => x == c));

    /// <exception cref="FormatException">A quote is not closed, or text follows a closed one.</exception>
    public static List<string?> Split(string line, char delimiter)
    {
        var values = new List<string?>();
        int at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                var value = new StringBuilder();
                for (at++; ; at++)
                {
                    if (at >= line.Length)
                        throw new FormatException("a quote is not closed");
                    if (line[at] != '"')
                        value.Append(line[at]);
                    else if (at + 1 < line.Length && line[at + 1] == '"')
                        value.Append(line[at++]);
                    else
                        break;
                }

                at++;
                values.Add(value.ToString());
                if (at < line.Length && line[at] != delimiter)
                    throw new FormatException($"text follows the quote that ends value {values.Count}");
            }
            else
            {
                int end = line.IndexOf(delimiter, at);
                end = end < 0 ? line.Length : end;
                string value = line[at..end].Trim();
                values.Add(value.Length == 0 ? null : value);
                at = end;
            }

            if (at >= line.Length)
                return values;
            at++;
        }
    }
}
