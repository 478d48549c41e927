using System.Text.Encodings.Web;
using System.Text.Json;
using Mlops.Client;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Store;
using Mlops.Store.Charts;
using Mlops.Store.Transfer;
using Mlops.Web.Rest;

namespace Mlops.Web.Feeds;

/// <summary>What is stored, and how it looks.</summary>
internal static class FeedOperations
{
    private const string Csv = "text/csv";
    private const string Parquet = "application/vnd.apache.parquet";

    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listFeeds", "data", "/feeds", "Lists the feeds.", List).Takes(new QueryParameter("search", "string", "Only feeds whose id holds this.")).Paged().Returns<IReadOnlyList<FeedSummary>>(),
        Operation.Get("getFeed", "data", "/feeds/{feed}", "Returns one feed with its fields.", c => Reply.Json(FeedContracts.Of(Find(c)))).Returns<FeedSummary>().Refuses(404),
        Operation.Put("putFeed", "data", "/feeds/{feed}", "Makes a feed with some fields before its first record, or adds fields to it.", PutAsync).Takes<FeedBody>().Returns<FeedSummary>(),
        Operation.Get("getRecords", "data", "/feeds/{feed}/records", "Returns records in the order in which they came, streamed.", GetRecords)
            .Takes(
                QueryParameter.Instant("from", "Earliest time, inclusive."),
                QueryParameter.Instant("to", "Latest time, exclusive."),
                new QueryParameter("filter", "string", "A pure SQL expression over the feed's fields that records must meet."),
                new QueryParameter("quality", "integer", "The worst quality that counts: 0 (all) to 3."),
                new QueryParameter("after", "integer", "Only records behind this position."),
                new QueryParameter("limit", "integer", "How many at most; all where nothing is said."),
                new QueryParameter("order", "string", "oldest (default) or newest first."),
                new QueryParameter("format", "string", "json (default), csv or parquet."))
            .Returns(200, Operation.Json, Csv, Parquet).Refuses(404),
        Operation.Get("getLastRecords", "data", "/feeds/{feed}/last", "Returns the newest records with their positions, newest first.", LastAsync)
            .Takes(
                new QueryParameter("limit", "integer", "How many, 1 to 1,000; 10 where nothing is said."),
                new QueryParameter("filter", "string", "A pure SQL expression that records must meet."),
                new QueryParameter("before", "integer", "Only records before this position."),
                QueryParameter.Instant("from", "Earliest time, inclusive."),
                QueryParameter.Instant("to", "Latest time, exclusive."))
            .Returns<IReadOnlyList<StoredRecord>>().Refuses(404),
        Operation.Get("getChart", "data", "/feeds/{feed}/chart", "Makes few points of many records: smallest, largest, mean, first and last value in buckets of equal width.", ChartAsync)
            .Takes(
                QueryParameter.Instant("from", "Earliest time; that of the first record where nothing is said."),
                QueryParameter.Instant("to", "Latest time; that of the last record where nothing is said."),
                new QueryParameter("points", "integer", "How many points at most, 1 to 10,000; 1,000 where nothing is said."),
                new QueryParameter("fields", "string", "Names of fields, separated by commas; all with numbers where nothing is said."))
            .Returns<ChartAnswer>().Refuses(404),
    ];

    public static FeedInfo Find(Call call)
    {
        string id = call.Route("feed");
        return call.Service<IFeedReader>().List().FirstOrDefault(f => f.Schema.Feed == id) ?? throw NotFound(id);
    }

    public static ProblemException NotFound(string id) => ProblemException.NotFound("feed", id, "GET /api/v1/feeds lists them.");

    private static Reply List(Call call)
    {
        string? search = call.Text("search");
        return call.Page(call.Service<IFeedReader>().List().Where(f => search is null || f.Schema.Feed.Contains(search, StringComparison.OrdinalIgnoreCase)).Select(FeedContracts.Of));
    }

    private static async Task<Reply> PutAsync(Call call)
    {
        FeedBody body = await call.BodyAsync<FeedBody>().ConfigureAwait(false);
        if (body.Fields.Count == 0)
            throw ProblemException.Invalid("The feed has no field.", "Name at least one, with its type.");
        string id = FeedId.Normalize(ImportOperations.Name(call));
        bool isNew = call.Service<IFeedReader>().Find(id) is null;
        FeedSchema schema = await call.Service<IFeedWriter>().DeclareAsync(id, [.. body.Fields.Select(FeedContracts.Read)], call.Aborted).ConfigureAwait(false);
        FeedInfo made = call.Service<IFeedReader>().List().First(f => f.Schema.Feed == schema.Feed);
        return Reply.Json(FeedContracts.Of(made), isNew ? 201 : 200, isNew ? $"{call.Base}/feeds/{Uri.EscapeDataString(schema.Feed)}" : null);
    }

    private static Reply GetRecords(Call call)
    {
        FeedInfo feed = Find(call);
        var query = new FeedQuery
        {
            Feed = feed.Schema.Feed,
            From = Nanoseconds(call.Instant("from")),
            To = Nanoseconds(call.Instant("to")),
            Filter = call.Text("filter"),
            MinimumQuality = (byte)(call.Integer("quality", 0, 3) ?? 0),
            AfterPosition = call.Integer("after", 0, long.MaxValue),
            Limit = call.Integer("limit", 1, long.MaxValue),
            Descending = call.Choice("order", "oldest", "oldest", "newest") == "newest",
        };
        string format = call.Choice("format", "json", "json", "csv", "parquet");
        IFeedTransfer transfer = call.Service<IFeedTransfer>();
        Reply reply = format switch
        {
            "csv" => Reply.Streamed($"{Csv}; charset=utf-8", http => transfer.ExportAsync(query, RecordFormat.Csv, http.Response.Body, cancellationToken: call.Aborted)),
            "parquet" => Reply.Streamed(Parquet, async http =>
            {
                using var file = new UploadFile(".parquet");
                await transfer.ExportFileAsync(query, RecordFormat.Parquet, file.Path, cancellationToken: call.Aborted).ConfigureAwait(false);
                await using FileStream stream = File.OpenRead(file.Path);
                http.Response.ContentLength = stream.Length;
                await stream.CopyToAsync(http.Response.Body, call.Aborted).ConfigureAwait(false);
            }),
            _ => Reply.Streamed("application/json; charset=utf-8", http => transfer.ExportAsync(query, RecordFormat.Json, http.Response.Body, cancellationToken: call.Aborted)),
        };
        if (format != "json")
            reply.Headers["Content-Disposition"] = $"attachment; filename=\"{feed.Schema.Feed}.{format}\"";
        return reply;
    }

    private static async Task<Reply> LastAsync(Call call)
    {
        var query = new FeedQuery
        {
            Feed = Find(call).Schema.Feed,
            Descending = true,
            Limit = call.Integer("limit", 1, 1000) ?? 10,
            Filter = call.Text("filter"),
            ToPosition = call.Integer("before", 1, long.MaxValue) is { } before ? before - 1 : null,
            From = Nanoseconds(call.Instant("from")),
            To = Nanoseconds(call.Instant("to")),
        };
        using var memory = new MemoryStream();
        await using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            await foreach (RecordBatch batch in call.Service<IFeedReader>().ReadAsync(query, call.Aborted).ConfigureAwait(false))
            {
                using (batch)
                {
                    for (int row = 0; row < batch.Count; row++)
                        RecordJson.Write(json, batch, row);
                }
            }

            json.WriteEndArray();
        }

        return Reply.Bytes(memory.ToArray(), "application/json; charset=utf-8");
    }

    private static async Task<Reply> ChartAsync(Call call)
    {
        FeedInfo feed = Find(call);
        var query = new ChartQuery
        {
            Feed = feed.Schema.Feed,
            From = Nanoseconds(call.Instant("from")) ?? feed.First ?? 0,
            To = Nanoseconds(call.Instant("to")) ?? (feed.Last ?? 0) + 1,
            Points = (int)(call.Integer("points", 1, 10_000) ?? 1000),
            Fields = call.Texts("fields"),
        };
        FeedChart chart = await call.Service<IFeedCharts>().DownsampleAsync(query, call.Aborted).ConfigureAwait(false);
        return Reply.Json(new ChartAnswer(
            feed.Schema.Feed,
            EpochTime.ToDateTimeOffset(chart.Start),
            chart.Width,
            chart.Count,
            [.. chart.Series.Select(s => new ChartSeriesDetails(s.Field, s.Counts, Points(s.Min), Points(s.Max), Points(s.Mean), Points(s.First), Points(s.Last)))]));
    }

    private static List<double?> Points(IReadOnlyList<double> values) => [.. values.Select(v => double.IsFinite(v) ? (double?)v : null)];

    private static long? Nanoseconds(DateTimeOffset? time) => time is { } t ? EpochTime.FromDateTimeOffset(t) : null;
}
