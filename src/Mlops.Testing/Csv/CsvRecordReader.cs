using System.Text;

namespace Mlops.Testing.Csv;

/// <summary>
/// Splits CSV text into records (RFC 4180) and knows in which line each begins. Beyond the RFC it takes any line ending, skips
/// blank lines, and reads a quote inside an unquoted field as that character.
/// </summary>
internal sealed class CsvRecordReader(TextReader text, char delimiter, string file)
{
    private readonly StringBuilder _field = new();
    private int _nextLine = 1;

    /// <summary>Gets the line where the last record begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Reads one record.</summary>
    /// <param name="fields">Receives its fields; what was in it is cleared.</param>
    /// <returns><see langword="false"/> at the end of the text.</returns>
    /// <exception cref="CsvQuoteException">A quoted field never ends, or goes on after its closing quote.</exception>
    public bool Read(List<string> fields)
    {
        do
        {
            fields.Clear();
            if (text.Peek() < 0)
                return false;
            Line = _nextLine;
            while (ReadField(fields))
            {
            }
        }
        while (fields is [""]);

        return true;
    }

    /// <summary>Reads one field and what ends it; returns whether the record goes on.</summary>
    private bool ReadField(List<string> fields)
    {
        _field.Clear();
        if (text.Peek() == '"')
            ReadQuoted();
        else
            ReadPlain();
        fields.Add(_field.ToString());
        var end = text.Read();
        if (end == delimiter)
            return true;
        if (end >= 0)
            EndLine(end);
        return false;
    }

    private void ReadPlain()
    {
        for (var c = text.Peek(); c >= 0 && c != delimiter && c is not ('\r' or '\n'); c = text.Peek())
        {
            _field.Append((char)c);
            text.Read();
        }
    }

    private void ReadQuoted()
    {
        var begins = _nextLine;
        text.Read();
        while (true)
        {
            var c = text.Read();
            if (c < 0)
                throw CsvQuoteException.Unterminated(file, begins);
            if (c == '"')
            {
                if (text.Peek() != '"')
                    break;
                text.Read();
            }

            _field.Append((char)c);
            if (c is '\r' or '\n' && EndLine(c))
                _field.Append('\n');
        }

        var next = text.Peek();
        if (next >= 0 && next != delimiter && next is not ('\r' or '\n'))
            throw CsvQuoteException.TextAfterQuote(file, begins, (char)next);
    }

    /// <summary>Counts a line and takes the second half of CR LF; returns whether there was one.</summary>
    private bool EndLine(int first)
    {
        _nextLine++;
        if (first != '\r' || text.Peek() != '\n')
            return false;
        text.Read();
        return true;
    }
}
