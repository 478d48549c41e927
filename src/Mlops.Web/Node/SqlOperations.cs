using System.Text.Encodings.Web;
using System.Text.Json;
using Mlops.Client;
using Mlops.Data;
using Mlops.Store.AdHoc;
using Mlops.Store.Transfer;
using Mlops.Web.Rest;

namespace Mlops.Web.Node;

/// <summary>SQL over feeds, read-only.</summary>
internal static class SqlOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Post("querySql", "data", "/sql", "Answers one SELECT over feeds; each is a table under its id, quoted. The answer is streamed.", QueryAsync)
            .Takes<SqlRequest>().Takes(new QueryParameter("format", "string", "json (default) or csv.")).Returns<SqlAnswer>(),
    ];

    private static async Task<Reply> QueryAsync(Call call)
    {
        SqlRequest body = await call.BodyAsync<SqlRequest>().ConfigureAwait(false);
        string format = call.Choice("format", "json", "json", "csv");
        if (body.Limit is < 1 || body.TimeoutSeconds is <= 0 or > 1e6 or double.NaN)
            throw ProblemException.Invalid("The limit or the timeout of the statement is not above zero.", "Give numbers above zero, or leave them out.");
        var query = new SqlQuery(body.Sql) { RowLimit = body.Limit, Timeout = body.TimeoutSeconds is double s ? TimeSpan.FromSeconds(s) : null };
        SqlResult result = await call.Service<ISqlQueries>().QueryAsync(query, call.Aborted).ConfigureAwait(false);
        return Reply.Streamed(format == "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8", async http =>
        {
            await using (result.ConfigureAwait(false))
            {
                if (format == "csv")
                    await WriteCsvAsync(result, http.Response.Body, call.Aborted).ConfigureAwait(false);
                else
                    await WriteJsonAsync(result, http.Response.Body, call.Aborted).ConfigureAwait(false);
            }
        });
    }

    private static async Task WriteCsvAsync(SqlResult result, Stream body, CancellationToken cancellationToken)
    {
        RecordWriter writer = RecordWriter.Create(RecordFormat.Csv, body, result.Schema, withTimestamp: false);
        await foreach (RecordBatch batch in result.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            using (batch)
                await writer.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteJsonAsync(SqlResult result, Stream body, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteStartArray("columns");
        foreach (SqlColumn column in result.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("type", Names.Of(column.Type));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        await foreach (RecordBatch batch in result.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                {
                    json.WriteStartArray();
                    for (int c = 0; c < batch.Schema.Fields.Count; c++)
                        RecordJson.WriteValue(json, batch.Column(c), row);
                    json.WriteEndArray();
                }
            }

            await json.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        json.WriteEndArray();
        json.WriteBoolean("truncated", result.IsTruncated);
        json.WriteEndObject();
    }
}
