namespace Mlops.Testing.Csv;

/// <summary>Guesses the delimiter: the one by which the first records have most often as many fields as the header.</summary>
internal static class CsvDelimiter
{
    private const int SampledRecords = 50;

    public static char Detect(string text)
    {
        var best = (Delimiter: ',', Agreement: 0.0, Fields: 1);
        foreach (var candidate in (ReadOnlySpan<char>)[',', ';', '\t', '|'])
        {
            var (agreement, fields) = Sample(text, candidate);
            if (fields > 1 && (agreement, fields).CompareTo((best.Agreement, best.Fields)) > 0)
                best = (candidate, agreement, fields);
        }

        return best.Delimiter;
    }

    private static (double Agreement, int Fields) Sample(string text, char delimiter)
    {
        var reader = new CsvRecordReader(new StringReader(text), delimiter, file: "");
        var fields = new List<string>();
        int header = 0, records = 0, agreeing = 0;
        try
        {
            while (records < SampledRecords && reader.Read(fields))
            {
                if (records++ == 0)
                    header = fields.Count;
                if (fields.Count == header)
                    agreeing++;
            }
        }
        catch (CsvQuoteException)
        {
            // By a wrong delimiter quotes may stand anywhere; by the right one the table's own reading reports it.
            records++;
        }

        return ((double)agreeing / Math.Max(records, 1), header);
    }
}
