using Mlops.Data;
using Mlops.Store;

namespace Mlops.Prediction.Inputs;

/// <summary>Finds the last values that a feed had before a record, where missing values are filled by them.</summary>
internal sealed class LastValues(IFeedReader reader, string feed)
{
    private const int MaxRecords = 1024;

    /// <summary>Finds them.</summary>
    /// <param name="before">Position of the record.</param>
    /// <param name="fields">The field behind each input.</param>
    /// <param name="columns">Below zero for inputs that another feed gives.</param>
    /// <param name="inputs">What the model wants.</param>
    /// <param name="values">Receives them, as far as the newest records before have one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ReadAsync(long before, string[] fields, int[] columns, FeedSchema inputs, InputValue?[] values, CancellationToken cancellationToken)
    {
        var query = new FeedQuery { Feed = feed, ToPosition = before - 1, Descending = true, Limit = MaxRecords };
        await foreach (RecordBatch batch in reader.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                bool all = true;
                for (int i = 0; i < fields.Length; i++)
                {
                    if (columns[i] < 0 || values[i] is not null)
                        continue;
                    (int index, Workflows.Units.UnitConversion? unit) = InputMatch.Resolve(batch.Schema, fields[i], inputs.Fields[i]);
                    Column column = batch.Column(index);
                    int row = 0;
                    while (row < batch.Count && !column.IsValid(row))
                        row++;
                    if (row < batch.Count)
                        values[i] = InputValue.Read(inputs.Fields[i].Type, column, row, unit);
                    all &= row < batch.Count;
                }

                if (all)
                    break;
            }
        }
    }
}
