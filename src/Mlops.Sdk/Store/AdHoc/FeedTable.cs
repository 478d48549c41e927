using System.Globalization;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;

namespace Mlops.Store.AdHoc;

/// <summary>A feed as people's SQL names it: its id, its id and a version, or its id and <c>all</c> for every version side by side.</summary>
internal sealed class FeedTable
{
    private const string All = "all";

    private FeedTable(string name, IReadOnlyList<FeedSource> sources)
    {
        Name = name;
        Sources = sources;
    }

    public string Name { get; }

    /// <summary>Gets what the table is made of; several only for <c>@all</c>.</summary>
    public IReadOnlyList<FeedSource> Sources { get; }

    /// <summary>Finds what a name means.</summary>
    /// <returns>The table, or why there is none.</returns>
    public static (FeedTable? Table, string? Problem) Find(FeedCatalog catalog, string name)
    {
        int at = name.LastIndexOf('@');
        string id = at < 0 ? name : name[..at];
        if (catalog.Find(id) is not { } feed)
        {
            string[] known = [.. catalog.Entries.Select(e => e.Id).Order(StringComparer.Ordinal)];
            string list = known.Length == 0 ? "There is no feed yet." : $"Feeds: {string.Join(", ", known.Take(20).Select(Sql.Identifier))}{(known.Length > 20 ? ", …" : "")}.";
            return (null, $"There is no feed '{id}'. {list}");
        }

        var query = new FeedQuery { Feed = feed.Id };
        if (at < 0)
            return (new FeedTable(name, [new FeedSource(feed, query)]), null);
        int newest = feed.Current.Schema.Version;
        if (name.AsSpan(at + 1).SequenceEqual(All))
            return (new FeedTable(name, [.. Enumerable.Range(1, newest).Select(v => new FeedSource(feed, query, v))]), null);
        return int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version >= 1 && version <= newest
            ? (new FeedTable(name, [new FeedSource(feed, query, version)]), null)
            : (null, $"Feed '{id}' has no version '{name[(at + 1)..]}'. Its versions: 1 to {newest}, or @{All}.");
    }

    /// <summary>Returns the table's SQL, given that of its sources.</summary>
    public string Select(IReadOnlyList<string> sources)
    {
        if (Sources.Count == 1)
            return sources[0];
        ILookup<string, FieldType> types = Sources
            .SelectMany(s => s.Target.Columns.Zip(s.Target.Schema.Fields, (column, field) => (column, field.Type)))
            .ToLookup(c => c.column, c => c.Type, StringComparer.OrdinalIgnoreCase);
        return string.Join(" UNION ALL BY NAME ", Sources.Zip(sources, (source, sql) =>
        {
            IEnumerable<string> columns = source.Target.Columns.Select(column => types[column].Distinct().Count() == 1
                ? Sql.Identifier(column)
                : $"CAST({Sql.Identifier(column)} AS VARCHAR) AS {Sql.Identifier(column)}");
            return $"SELECT {string.Join(", ", ColumnNames.System.Concat(columns))} FROM ({sql})";
        }));
    }
}
