using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Testing.Store;

/// <summary>Writes and reads the records of the contract's checks, and compares what was read with what is wanted.</summary>
internal static class ContractRecords
{
    public static async Task<FeedSchema> DeclareAsync(this IFeedStore store, string feed, params FeedField[] fields) =>
        await store.DeclareAsync(new FeedDeclaration(null, feed, fields)).ConfigureAwait(false);

    /// <summary>Builds a batch; a row is its time in seconds and its values.</summary>
    public static async Task<RecordBatch> BuildAsync(this IFeedStore store, FeedSchema schema, params (long Time, object?[] Values)[] rows)
    {
        var builder = new RecordBatchBuilder(schema);
        foreach ((long time, object?[] values) in rows)
        {
            builder.BeginRow(time * 1_000_000_000, received: (time * 1_000_000_000) + 1, sequence: time, recordSequence: 0);
            for (int i = 0; i < values.Length; i++)
                Set(builder, i, values[i]);
            builder.EndRow();
        }

        return builder.Build(await store.ReservePositionsAsync(rows.Length).ConfigureAwait(false));
    }

    public static async Task<long> CommitAsync(this IFeedStore store, FeedSchema schema, params (long Time, object?[] Values)[] rows)
    {
        using RecordBatch batch = await store.BuildAsync(schema, rows).ConfigureAwait(false);
        var commit = new StoreCommit();
        commit.Batches.Add(batch);
        await store.CommitAsync(commit).ConfigureAwait(false);
        return batch.Positions[0];
    }

    /// <summary>Reads a query's records as lines of position, time in seconds and values.</summary>
    public static async Task<List<string>> LinesAsync(this IFeedStore store, FeedQuery query)
    {
        var lines = new List<string>();
        await foreach (RecordBatch batch in store.ReadAsync(query).ConfigureAwait(false))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                {
                    IEnumerable<string> values = Enumerable.Range(0, batch.Schema.Fields.Count).Select(c => Text(batch.Column(c).GetValue(row)));
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"{batch.Positions[row]}@{batch.Timestamps[row] / 1_000_000_000}: {string.Join(", ", values)}"));
                }
            }
        }

        return lines;
    }

    /// <summary>Reads a query's records as lines of what every record has.</summary>
    public static async Task<List<string>> SystemLinesAsync(this IFeedStore store, FeedQuery query)
    {
        var lines = new List<string>();
        await foreach (RecordBatch batch in store.ReadAsync(query).ConfigureAwait(false))
        {
            using (batch)
                lines.AddRange(SystemLines(batch));
        }

        return lines;
    }

    /// <summary>Returns what every record of a batch has, as lines.</summary>
    public static List<string> SystemLines(RecordBatch batch) => [.. Enumerable.Range(0, batch.Count).Select(row => string.Create(
        CultureInfo.InvariantCulture,
        $"{batch.Positions[row]} at {batch.Timestamps[row]}, received {batch.Received[row]}, numbers {batch.Sequences[row]} and {batch.RecordSequences[row]}, quality {batch.Qualities[row]}"))];

    public static Task<List<string>> LinesAsync(this IFeedStore store, string feed) => store.LinesAsync(new FeedQuery { Feed = feed });

    public static void Same(IEnumerable<string> found, IEnumerable<string> wanted, string promise)
    {
        List<string> a = [.. found], b = [.. wanted];
        if (!a.SequenceEqual(b, StringComparer.Ordinal))
            throw new ContractViolationException($"{promise}. Wanted: [{string.Join(" | ", b.Take(20))}]; found: [{string.Join(" | ", a.Take(20))}].");
    }

    public static void Equal<T>(T found, T wanted, string promise)
    {
        if (!EqualityComparer<T>.Default.Equals(found, wanted))
            throw new ContractViolationException($"{promise}. Wanted: {wanted}; found: {found}.");
    }

    public static void True(bool kept, string promise)
    {
        if (!kept)
            throw new ContractViolationException($"{promise}.");
    }

    public static async Task ThrowsAsync<TException>(Func<Task> action, string promise)
        where TException : Exception
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (TException)
        {
            return;
        }

        throw new ContractViolationException($"{promise}. Wanted: {typeof(TException).Name}; nothing was thrown.");
    }

    /// <summary>Runs a check on what is fresh, on what is settled, and after a restart.</summary>
    public static async Task EverywhereAsync(this IFeedStoreFixture fixture, Func<IFeedStore, Task> check)
    {
        await check(fixture.Store).ConfigureAwait(false);
        await fixture.RestartAsync().ConfigureAwait(false);
        await check(fixture.Store).ConfigureAwait(false);
        await fixture.SettleAsync().ConfigureAwait(false);
        await check(fixture.Store).ConfigureAwait(false);
        await fixture.RestartAsync().ConfigureAwait(false);
        await check(fixture.Store).ConfigureAwait(false);
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        string s => $"'{s}'",
        DateTimeOffset at => at.ToString("O", CultureInfo.InvariantCulture),
        Array list => $"[{string.Join("; ", list.Cast<object>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static void Set(RecordBatchBuilder builder, int column, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case bool b:
                builder.SetBoolean(column, b);
                break;
            case double d:
                builder.SetFloat64(column, d);
                break;
            case ulong u:
                builder.SetUInt64(column, u);
                break;
            case string s:
                builder.SetText(column, Encoding.UTF8.GetBytes(s));
                break;
            case DateTimeOffset at:
                builder.SetInstant(column, EpochTime.FromDateTimeOffset(at));
                break;
            case bool[] list:
                builder.SetList<bool>(column, list);
                break;
            case long[] list:
                builder.SetList<long>(column, list);
                break;
            case ulong[] list:
                builder.SetList<ulong>(column, list);
                break;
            case double[] list:
                builder.SetList<double>(column, list);
                break;
            case DateTimeOffset[] list:
                builder.SetList<long>(column, Array.ConvertAll(list, EpochTime.FromDateTimeOffset));
                break;
            case string[] list:
                builder.BeginList(column);
                foreach (string text in list)
                    builder.AddTextElement(column, Encoding.UTF8.GetBytes(text));
                break;
            default:
                builder.SetInt64(column, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
