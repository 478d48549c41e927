using Mlops.Client;
using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Transfer;
using Mlops.Web.Rest;

namespace Mlops.Web.Feeds;

/// <summary>Feeds as REST shows them.</summary>
internal static class FeedContracts
{
    public static FieldDetails Of(FeedField field) => new(field.Name, Names.Of(field.Type), field.Unit, field.SourceType == BlobReference.SourceType ? true : null);

    /// <exception cref="ProblemException">There is no such type.</exception>
    public static FeedField Read(FieldDetails field) => field.Blob == true
        ? BlobReference.Field(field.Name)
        : new FeedField(field.Name, Names.Parse<FieldType>($"type of {field.Name}", field.Type)) { Unit = field.Unit };

    public static FeedSummary Of(FeedInfo feed) => new(
        feed.Schema.Feed,
        [.. feed.Schema.Fields.Select(Of)],
        feed.Records,
        feed.First is { } first ? EpochTime.ToDateTimeOffset(first) : null,
        feed.Last is { } last ? EpochTime.ToDateTimeOffset(last) : null,
        feed.Schema.Version,
        feed.LastPosition,
        feed.Schema.Origin?.App,
        feed.Schema.Origin?.Connection,
        feed.Schema.Origin?.Collection);

    public static ImportAnswer Of(ImportReport report) => new(report.Feed, report.Records, report.Rejected, Of(report.Problems));

    public static IReadOnlyList<LineProblemDetails> Of(IReadOnlyList<LineProblem> problems) => [.. problems.Select(p => new LineProblemDetails(p.Line, p.Reason))];
}
