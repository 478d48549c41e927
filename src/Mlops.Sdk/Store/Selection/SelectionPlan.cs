using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;

namespace Mlops.Store.Selection;

/// <summary>How a selection is read.</summary>
internal sealed class SelectionPlan
{
    public SelectionPlan(SelectionColumns columns, string? condition, LabelIndex? labels, FeedRevision feed)
    {
        Columns = columns;
        Labels = labels;
        IReadOnlyList<string> keyFields = labels?.KeyFields ?? [];
        List<FeedField> keys = [.. keyFields.Select((name, i) => new FeedField($"\0key{i}", feed.Schema.Fields[feed.Schema.IndexOf(name)].Type))];
        List<string> keyExpressions = [.. keyFields.Select(name => Sql.Identifier(feed.Columns[feed.Schema.IndexOf(name)]))];
        Keys = new ScanProjection(new FeedSchema(feed.Schema.Feed, keys), keyExpressions, condition);
        Data = new ScanProjection(new FeedSchema(feed.Schema.Feed, [.. columns.WithLabel.Fields, .. keys]), [.. columns.Expressions, .. keyExpressions], condition);
    }

    public SelectionColumns Columns { get; }

    /// <summary>Gets the labels that are joined; <see langword="null"/> when there is no label or a field holds it.</summary>
    public LabelIndex? Labels { get; }

    /// <summary>Gets what decides whether a record counts: the fields by which labels name records.</summary>
    public ScanProjection Keys { get; }

    /// <summary>Gets the columns of the training, then the fields by which labels name records.</summary>
    public ScanProjection Data { get; }
}
