using Mlops.Data;

namespace Mlops.Ingest;

/// <summary>Copies rows of a batch that somebody else owns into the open batch of its feed, field by field name.</summary>
internal static class BatchCopy
{
    /// <summary>Finds the column of each of the batch's fields in the feed.</summary>
    /// <exception cref="ArgumentException">The feed lacks a field, or holds another type in it.</exception>
    public static int[] Map(FeedSchema from, FeedSchema to)
    {
        var columns = new int[from.Fields.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            FeedField field = from.Fields[i];
            columns[i] = to.IndexOf(field.Name);
            if (columns[i] < 0)
                throw new ArgumentException($"Feed '{to.Feed}' has no field '{field.Name}'. Declare it before writing.");
            if (to.Fields[columns[i]].Type != field.Type)
                throw new ArgumentException($"Feed '{to.Feed}': the batch holds {field.Type} in '{field.Name}', the feed {to.Fields[columns[i]].Type}. Declare the feed again and build the batch with the schema returned.");
        }

        return columns;
    }

    /// <summary>Appends a row; times that the source leaves at 0 become those of its acceptance.</summary>
    public static void Append(RecordBatchBuilder rows, RecordBatch source, int row, int[] columns, long received, long arrival)
    {
        rows.BeginRow(
            source.Timestamps[row],
            source.Received[row] == 0 ? received : source.Received[row],
            source.Arrivals[row] == 0 ? arrival : source.Arrivals[row],
            source.Sequences[row],
            source.RecordSequences[row]);
        rows.AddQuality(source.Qualities[row]);
        for (int i = 0; i < columns.Length; i++)
        {
            if (source.Column(i) is var column && column.IsValid(row))
                rows.Copy(columns[i], column, row);
        }

        rows.EndRow();
    }
}
