using System.Globalization;
using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.Labelling;

/// <summary>Turns records of a feed of labels into labels.</summary>
internal sealed class LabelReader(LabelBinding binding)
{
    /// <summary>Reads a batch.</summary>
    /// <returns>The labels, and how many records were none.</returns>
    public (List<Label> Labels, int Useless) Read(RecordBatch batch)
    {
        var labels = new List<Label>(batch.Count);
        int value = batch.Schema.IndexOf(binding.ValueField), author = batch.Schema.IndexOf(binding.AuthorField);
        for (int row = 0; row < batch.Count && value >= 0; row++)
        {
            if (Text(batch.Column(value), row) is { } truth && (binding.FromField.Length > 0 ? Interval(batch, row) : Named(batch, row)) is { } label)
            {
                labels.Add(label with
                {
                    Value = truth,
                    Author = author < 0 ? null : Text(batch.Column(author), row),
                    Created = batch.Received[row],
                });
            }
        }

        return (labels, batch.Count - labels.Count);
    }

    private Label? Interval(RecordBatch batch, int row) => Instant(batch, binding.FromField, row) is { } from && Instant(batch, binding.ToField, row) is { } to && to > from
        ? new Label { Set = binding.Set, Value = "", Source = binding.From, From = from, To = to }
        : null;

    private static long? Instant(RecordBatch batch, string field, int row)
    {
        if (batch.Schema.IndexOf(field) is var index && (index < 0 || !batch.Column(index).IsValid(row)))
            return null;
        Column column = batch.Column(index);
        return column.Type == FieldType.Timestamp ? column.Values<long>()[row]
            : DateTimeOffset.TryParse(Text(column, row), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? EpochTime.FromDateTimeOffset(time)
            : null;
    }

    private Label? Named(RecordBatch batch, int row)
    {
        if (batch.Schema.IndexOf(binding.KeyField) is var index && (index < 0 || Text(batch.Column(index), row) is not { } key))
            return null;
        var label = new Label { Set = binding.Set, Value = "", Source = binding.From };
        if (binding.TargetField.Length > 0 && binding.TargetField != ColumnNames.Position)
            return label with { KeyField = binding.TargetField, KeyValue = key };
        // Numbers come as floating point from assets that know no other.
        long? number = long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer) ? integer
            : double.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && Math.Abs(real) < 1L << 53 && real == Math.Floor(real) ? (long)real : null;
        return number is null ? null : binding.TargetField.Length == 0 ? label with { Sequence = number } : label with { Position = number };
    }

    private static string? Text(Column column, int row) => column.GetValue(row) switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTimeOffset => column.Values<long>()[row].ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };
}
