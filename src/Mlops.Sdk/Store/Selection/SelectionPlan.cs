using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;

namespace Mlops.Store.Selection;

/// <summary>How a selection is read.</summary>
internal sealed class SelectionPlan
{
    public SelectionPlan(SelectionColumns columns, ScanCondition? condition, LabelIndex? labels, FeedRevision feed, string? group = null)
    {
        Columns = columns;
        Labels = labels;
        HasLabel = columns.WithLabel.Fields.Count > columns.Inputs.Fields.Count;
        IReadOnlyList<string> keyFields = labels?.KeyFields ?? [];
        List<FeedField> keys = [.. keyFields.Select((name, i) => new FeedField($"\0key{i}", feed.Schema.Fields[feed.Schema.IndexOf(name)].Type))];
        List<ScanColumn> keyColumns = [.. keyFields.Select(name => ScanColumn.Of(feed, feed.Schema.IndexOf(name)))];
        Keys = new ScanProjection(new FeedSchema(feed.Schema.Feed, keys), keyColumns, condition);
        List<FeedField> groups = group is null ? [] : [new FeedField("\0group", feed.Schema.Fields[feed.Schema.IndexOf(group)].Type)];
        List<ScanColumn> groupColumns = group is null ? [] : [ScanColumn.Of(feed, feed.Schema.IndexOf(group))];
        Data = new ScanProjection(new FeedSchema(feed.Schema.Feed, [.. columns.WithLabel.Fields, .. groups, .. keys]), [.. columns.Columns, .. groupColumns, .. keyColumns], condition);
        if (!HasLabel)
            return;
        ScanColumn label = columns.Columns[^1];
        ScanColumn text = columns.WithLabel.Fields[^1].Type == FieldType.Text ? label : new ScanColumn($"CAST({label.Sql} AS VARCHAR)");
        Classes = new ScanProjection(new FeedSchema(feed.Schema.Feed, [new FeedField("\0class", FieldType.Text), .. keys]), [text, .. keyColumns], condition);
    }

    public SelectionColumns Columns { get; }

    /// <summary>Gets the labels that are joined; <see langword="null"/> when there is no label or a field holds it.</summary>
    public LabelIndex? Labels { get; }

    public bool HasLabel { get; }

    /// <summary>Gets the label as text, then the fields by which labels name records; <see langword="null"/> without a label.</summary>
    public ScanProjection? Classes { get; }

    /// <summary>Gets what decides whether a record counts: the fields by which labels name records.</summary>
    public ScanProjection Keys { get; }

    /// <summary>Gets the columns of the training, then the field of the split's groups, if any, then the fields by which labels name records.</summary>
    public ScanProjection Data { get; }
}
