using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Client;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Store;
using Mlops.Store.Transfer;
using Mlops.Web.Rest;

namespace Mlops.Web.Feeds;

/// <summary>Records that come by REST.</summary>
internal static class ImportOperations
{
    private const int MaxFeed = 200;
    private const string Csv = "text/csv";
    private const string Parquet = "application/vnd.apache.parquet";

    public static IEnumerable<Operation> All =>
    [
        Operation.Post("postRecords", "data", "/feeds/{feed}/records", "Stores records: JSON, CSV with a timestamp column, or a Parquet file. Creates the feed where there is none. Answers once they are durable.", PostAsync)
            .Takes<RecordsBody>().Uploads(Csv, Parquet).Returns<ImportAnswer>().NotAudited(),
    ];

    private static async Task<Reply> PostAsync(Call call)
    {
        string feed = Name(call);
        string type = call.Http.Request.ContentType!.Split(';')[0].Trim();
        if (type.Equals(Csv, StringComparison.OrdinalIgnoreCase))
            return Reply.Json(FeedContracts.Of(await call.Service<IFeedTransfer>().ImportCsvAsync(feed, call.Http.Request.Body, cancellationToken: call.Aborted).ConfigureAwait(false)));
        if (type.Equals(Parquet, StringComparison.OrdinalIgnoreCase))
        {
            using UploadFile file = await UploadFile.ReceiveAsync(".parquet", call.Http.Request.Body, call.Aborted).ConfigureAwait(false);
            return Reply.Json(FeedContracts.Of(await call.Service<IFeedTransfer>().ImportParquetAsync(feed, file.Path, cancellationToken: call.Aborted).ConfigureAwait(false)));
        }

        RecordsBody body = await call.BodyAsync<RecordsBody>().ConfigureAwait(false);
        string id = FeedId.Normalize(feed);
        FeedSchema? known = call.Service<IFeedReader>().Find(id);
        FeedRecord[] records = [.. body.Records.Select((r, i) => Read(r, i, known))];
        await call.Service<IFeedWriter>().WriteAsync(id, records, call.Aborted).ConfigureAwait(false);
        return Reply.Json(new ImportAnswer(id, records.Length, 0, []));
    }

    /// <summary>Returns the name of a feed that is made where there is none.</summary>
    public static string Name(Call call) => call.Route("feed") is { Length: <= MaxFeed } feed ? feed
        : throw ProblemException.Invalid($"The id of the feed has {call.Route("feed").Length} characters.", $"Use up to {MaxFeed}.");

    private static FeedRecord Read(JsonObject record, int index, FeedSchema? known)
    {
        DateTimeOffset? time = null;
        var values = new Dictionary<string, object?>(record.Count, StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in record)
        {
            if (name != RecordWriter.TimestampName)
                values[name] = Number(JsonValues.ToScalar($"$.records[{index}].{name}", value), name, known);
            else
                time = Time(value, index);
        }

        return new FeedRecord(
            time ?? throw ProblemException.Invalid($"The record $.records[{index}] has no '{RecordWriter.TimestampName}'.", "Give every record its time like 2024-05-01T12:00:00Z."), values);
    }

    // JSON writes 1.0 as 1: numbers make fields of floating point, as in messages with plain JSON, and are whole where the field is.
    private static object? Number(object? value, string name, FeedSchema? known) => value switch
    {
        long or ulong when known?.IndexOf(name) is >= 0 and var at && known.Fields[at].Type != FieldType.Float64 => value,
        long whole => (double)whole,
        ulong large => (double)large,
        _ => value,
    };

    private static DateTimeOffset Time(JsonNode? value, int index)
    {
        try
        {
            return value.Deserialize(MlopsJson.Of<DateTimeOffset>());
        }
        catch (JsonException e)
        {
            throw ProblemException.Invalid($"The time of $.records[{index}] is of no use: {e.Message.Split(" Path:")[0]}", "Write it like 2024-05-01T12:00:00Z.");
        }
    }
}
