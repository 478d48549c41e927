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
        int value = batch.Schema.IndexOf(binding.ValueField), key = batch.Schema.IndexOf(binding.KeyField), author = batch.Schema.IndexOf(binding.AuthorField);
        for (int row = 0; row < batch.Count && value >= 0 && key >= 0; row++)
        {
            if (Text(batch.Column(value), row) is { } truth && Text(batch.Column(key), row) is { } name && Named(name) is { } label)
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

    private Label? Named(string key)
    {
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
