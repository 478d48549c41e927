using System.Collections.Frozen;

namespace Mlops.Data;

/// <summary>The fields of a feed at one version. Immutable; safe to share between threads.</summary>
public sealed class FeedSchema
{
    private readonly FrozenDictionary<string, int> _index;

    /// <summary>Creates a schema.</summary>
    /// <param name="feed">Id of the feed, see <see cref="FeedId"/>.</param>
    /// <param name="fields">Its fields in column order.</param>
    /// <param name="version">Rises with each incompatible change; 1 for a new feed.</param>
    /// <param name="origin">The announced names, when there are any.</param>
    /// <exception cref="ArgumentException">Two fields have the same name.</exception>
    public FeedSchema(string feed, IEnumerable<FeedField> fields, int version = 1, FeedOrigin? origin = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(feed);
        Feed = feed;
        Fields = [.. fields];
        Version = version;
        Origin = origin;
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < Fields.Count; i++)
        {
            if (!index.TryAdd(Fields[i].Name, i))
                throw new ArgumentException($"Feed '{feed}': the field '{Fields[i].Name}' is declared twice. Field names must be unique within a feed.", nameof(fields));
        }

        _index = index.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Gets the id of the feed.</summary>
    public string Feed { get; }

    /// <summary>Gets the fields in column order.</summary>
    public IReadOnlyList<FeedField> Fields { get; }

    /// <summary>Gets the version, from 1; an incompatible change of a field's type starts a new one.</summary>
    public int Version { get; }

    /// <summary>Gets the announced names; <see langword="null"/> for feeds written from code.</summary>
    public FeedOrigin? Origin { get; }

    /// <summary>Returns the column of a field.</summary>
    /// <param name="name">Name of the field, compared ordinally.</param>
    /// <returns>The column's index, or -1 when the feed has no such field.</returns>
    public int IndexOf(string name) => _index.TryGetValue(name, out int i) ? i : -1;

    /// <inheritdoc/>
    public override string ToString() => $"{Feed} v{Version} ({Fields.Count} fields)";
}
