using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Client;
using Mlops.Data;
using Mlops.Store;
using Mlops.Web.Rest;

namespace Mlops.Web.Feeds;

/// <summary>The truth about records.</summary>
internal static class LabelOperations
{
    private const string Csv = "text/csv";

    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listLabels", "data", "/feeds/{feed}/labels", "Lists the labels of a feed that count, newest first.", List)
            .Takes(
                new QueryParameter("set", "string", "Only this label set."),
                new QueryParameter("history", "boolean", "With those that were replaced or taken back."))
            .Paged().Returns<IReadOnlyList<LabelEntry>>().Refuses(404),
        Operation.Post("postLabels", "data", "/feeds/{feed}/labels", "Stores labels, as JSON or as CSV with the column value and what names the record: row, seq, from and to, or a field of the feed.", PostAsync)
            .Takes<LabelsBody>().Uploads(Csv).Takes(new QueryParameter("set", "string", "The label set of CSV lines that name none; label where nothing is said."))
            .Returns<LabelsAdded>(201).NotAudited().Refuses(404),
        Operation.Post("deleteLabels", "data", "/feeds/{feed}/labels/delete", "Takes labels back; they stay in the history.", DeleteAsync).Takes<NumberList>().Returns<CountAnswer>().Refuses(404),
    ];

    private static Reply List(Call call)
    {
        string feed = FeedOperations.Find(call).Schema.Feed;
        ILabels labels = call.Service<ILabels>();
        string? set = call.Text("set");
        bool history = call.Choice("history", "false", "true", "false") == "true";
        int wanted = (int)Math.Min(100_000, (call.Integer("offset", 0, 100_000) ?? 0) + (call.Integer("limit", 1, 10_000) ?? 1000) + 1);
        return call.Page((history ? labels.History(feed, set, wanted) : labels.List(feed, set, wanted)).Select(l => Describe(feed, l)));
    }

    private static async Task<Reply> PostAsync(Call call)
    {
        string feed = FeedOperations.Find(call).Schema.Feed;
        ILabels labels = call.Service<ILabels>();
        if (call.Http.Request.ContentType!.StartsWith(Csv, StringComparison.OrdinalIgnoreCase))
        {
            LabelImport import = await labels.ImportAsync(feed, call.Http.Request.Body, call.Text("set") ?? "label", call.Author, call.Aborted).ConfigureAwait(false);
            return Reply.Json(new LabelsAdded(import.Added, import.Rejected, FeedContracts.Of(import.Problems)), 201);
        }

        LabelsBody body = await call.BodyAsync<LabelsBody>().ConfigureAwait(false);
        int added = await labels.AddAsync(feed, [.. body.Labels.Select((l, i) => Read(call, feed, l, $"$.labels[{i}]"))], call.Aborted).ConfigureAwait(false);
        return Reply.Json(new LabelsAdded(added), 201);
    }

    private static async Task<Reply> DeleteAsync(Call call)
    {
        NumberList body = await call.BodyAsync<NumberList>().ConfigureAwait(false);
        return Reply.Json(new CountAnswer(await call.Service<ILabels>().DeleteAsync(FeedOperations.Find(call).Schema.Feed, body.Ids, call.Author, call.Aborted).ConfigureAwait(false)));
    }

    private static Label Read(Call call, string feed, LabelBody body, string place)
    {
        if (body.Source?.Feed is { } other && other != feed)
            throw ProblemException.Invalid($"{place} names a record of feed '{other}'.", $"Send it to /api/v1/feeds/{other}/labels.");
        (string? keyField, string? keyValue) = Key(body.Key, place);
        return new Label
        {
            Set = body.Set,
            Value = Text(body.Value, $"{place}.value"),
            Position = body.Source?.Row,
            Sequence = body.Source?.Row is null ? body.Source?.Seq : null,
            Time = body.Source is { Row: null, Ts: { } time } ? EpochTime.FromDateTimeOffset(time) : null,
            KeyField = keyField,
            KeyValue = keyValue,
            From = body.From is { } from ? EpochTime.FromDateTimeOffset(from) : null,
            To = body.To is { } to ? EpochTime.FromDateTimeOffset(to) : null,
            Author = body.Author ?? call.Author,
        };
    }

    // {"serial": "A12"}, or the same in full: {"field": "serial", "value": "A12"}.
    private static (string? Field, string? Value) Key(JsonObject? key, string place)
    {
        if (key is null)
            return default;
        if (key.Count == 2 && key["field"] is JsonValue field && field.GetValueKind() == JsonValueKind.String && key.TryGetPropertyValue("value", out JsonNode? value))
            return (field.GetValue<string>(), Text(value, $"{place}.key.value"));
        if (key.Count == 1)
            return (key.First().Key, Text(key.First().Value, $"{place}.key"));
        throw ProblemException.Invalid($"{place}.key has {key.Count} members.", "Give one field with its value, for example {\"serial\": \"A12\"}.");
    }

    private static string Text(JsonNode? node, string place) => JsonValues.ToScalar(place, node) switch
    {
        null => throw ProblemException.Invalid($"{place} is null.", "Give text, a number, true or false."),
        bool truth => truth ? "true" : "false",
        string text => text,
        _ => node!.ToJsonString(),
    };

    private static string Text(JsonElement element, string place) => Text(JsonNode.Parse(element.ValueKind == JsonValueKind.Undefined ? "null" : element.GetRawText()), place);

    private static LabelEntry Describe(string feed, Label label) => new(
        label.Id,
        label.Set,
        label.Value,
        EpochTime.ToDateTimeOffset(label.Created),
        label.Source,
        label.Position is null && label.Sequence is null ? null : new RecordSource(feed, label.Sequence, Time(label.Time), label.Position),
        label.KeyField is null ? null : new JsonObject { [label.KeyField] = label.KeyValue },
        Time(label.From),
        Time(label.To),
        label.Author,
        Time(label.Deleted),
        label.DeletedBy);

    private static DateTimeOffset? Time(long? nanoseconds) => nanoseconds is { } time ? EpochTime.ToDateTimeOffset(time) : null;
}
