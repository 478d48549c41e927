using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Text;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Store.Segments;

namespace Mlops.Store.Catalog;

/// <summary>All feeds of the node with their schemas: in memory for readers, in <c>mlops.db</c> for the next start.</summary>
internal sealed class FeedCatalog : IDisposable
{
    /// <summary>An id is also the name of a folder, and common file systems end at 255 bytes.</summary>
    private const int MaxIdLength = 200;
    private readonly NodeDatabase _database;
    private readonly ByteSize _queryMemory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, FeedEntry> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FeedOrigin, FeedEntry> _byOrigin = new();
    private readonly SemaphoreSlim _declaring = new(1, 1);

    public FeedCatalog(NodeDatabase database, ByteSize queryMemory, TimeProvider time, ILogger logger)
    {
        _database = database;
        _queryMemory = queryMemory;
        _time = time;
        _logger = logger;
        foreach (FeedEntry entry in database.Read(FeedCatalogRows.ReadFeeds))
            Put(entry);
    }

    public IEnumerable<FeedEntry> Entries => _byId.Values;

    public FeedEntry? Find(string feed) => _byId.GetValueOrDefault(feed);

    /// <exception cref="ArgumentException">There is no such feed.</exception>
    public FeedEntry Require(string feed) => Find(feed) ?? throw new ArgumentException(
        $"There is no feed '{feed}'. {(_byId.IsEmpty ? "No feed exists yet; declare it or write records to it first." : $"Known: {string.Join(", ", _byId.Keys.Order(StringComparer.Ordinal).Take(20))}{(_byId.Count > 20 ? ", …" : "")}.")}",
        nameof(feed));

    public IReadOnlyList<FeedInfo> List() => [.. _byId.Values.Select(e => e.Info()).OrderBy(i => i.Schema.Feed, StringComparer.Ordinal)];

    public ValueTask<FeedSchema> DeclareAsync(FeedDeclaration declaration, CancellationToken cancellationToken)
    {
        Check(declaration);
        return Lookup(declaration) is { } entry && SchemaMerge.Of(entry.Current, declaration.Origin, declaration.Fields).Next is null
            ? ValueTask.FromResult(entry.Current.Schema)
            : new ValueTask<FeedSchema>(ChangeAsync(declaration, cancellationToken));
    }

    public void Dispose() => _declaring.Dispose();

    private async Task<FeedSchema> ChangeAsync(FeedDeclaration declaration, CancellationToken cancellationToken)
    {
        await _declaring.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            FeedEntry? entry = Lookup(declaration);
            if (entry is null)
                return await CreateAsync(declaration, cancellationToken).ConfigureAwait(false);
            SchemaMerge merge = SchemaMerge.Of(entry.Current, declaration.Origin, declaration.Fields);
            if (merge.Next is not { } next)
                return entry.Current.Schema;
            if (next.Schema.Fields.Count > entry.Current.Schema.Fields.Count)
                RequireRoom(next.Schema);
            await _database.WriteAsync(connection => FeedCatalogRows.Add(connection, entry.Number, next), cancellationToken).ConfigureAwait(false);
            entry.Add(next);
            Put(entry);
            foreach ((FeedField before, FeedField after) in merge.Incompatible)
                Log.FieldChangedType(_logger, entry.Id, before.Name, before.Type, after.Type, next.Schema.Version);
            foreach ((FeedField before, FeedField after) in merge.Renamed)
                Log.FieldRenamed(_logger, entry.Id, before.Name, after.Name, before.Id!);
            return next.Schema;
        }
        finally
        {
            _declaring.Release();
        }
    }

    private async Task<FeedSchema> CreateAsync(FeedDeclaration declaration, CancellationToken cancellationToken)
    {
        var schema = new FeedSchema(FreeId(declaration), declaration.Fields, version: 1, declaration.Origin);
        RequireRoom(schema);
        var revision = new FeedRevision(1, schema, ColumnNames.Assign(schema.Fields, before: null));
        long created = EpochTime.FromDateTimeOffset(_time.GetUtcNow());
        long number = await _database.WriteAsync(connection => FeedCatalogRows.Create(connection, revision, created), cancellationToken).ConfigureAwait(false);
        Put(new FeedEntry(number, [revision]));
        Log.FeedCreated(_logger, schema.Feed, schema.Fields.Count);
        return schema;
    }

    // Taken on and then not to be written into a file, its log would grow for ever.
    private void RequireRoom(FeedSchema schema)
    {
        long needed = SegmentFile.BytesOf(schema.Fields);
        if (needed > _queryMemory.Bytes)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Feed '{schema.Feed}' would have {schema.Fields.Count} fields, of which files can be written with {(needed + 1_048_575) / 1_048_576} MB of memory; Mlops:Store:QueryMemory is {_queryMemory}. Make several feeds of it, keep values of one kind as a list, write a record for each value, or raise QueryMemory."));
        }
    }

    private FeedEntry? Lookup(FeedDeclaration declaration)
    {
        if (declaration.Origin is null)
            return Find(Shorten(FeedId.Normalize(declaration.Feed!), declaration));
        if (_byOrigin.TryGetValue(declaration.Origin, out FeedEntry? entry))
            return entry;
        // A feed that code or a person wrote to before its metadata came is the same feed.
        return Find(Shorten(FeedId.From(declaration.Origin), declaration)) is { Current.Schema.Origin: null } unannounced ? unannounced : null;
    }

    private string FreeId(FeedDeclaration declaration)
    {
        string id = Shorten(declaration.Origin is null ? FeedId.Normalize(declaration.Feed!) : FeedId.From(declaration.Origin), declaration);
        string free = id;
        for (ushort hash = Hash(declaration); _byId.ContainsKey(free); hash++)
            free = $"{id}-{hash:x4}";
        return free;
    }

    private static string Shorten(string id, FeedDeclaration declaration) =>
        id.Length <= MaxIdLength ? id : $"{id.AsSpan(0, MaxIdLength)}-{Hash(declaration):x4}";

    private static ushort Hash(FeedDeclaration declaration)
    {
        string text = declaration.Origin is { } o ? $"{o.App}\0{o.Connection}\0{o.Collection}" : declaration.Feed!;
        uint hash = 0;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
            hash = BitOperations.Crc32C(hash, b);
        return (ushort)(hash ^ (hash >> 16));
    }

    private void Put(FeedEntry entry)
    {
        _byId[entry.Id] = entry;
        if (entry.Current.Schema.Origin is { } origin)
            _byOrigin[origin] = entry;
    }

    private static void Check(FeedDeclaration declaration)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        if (declaration.Origin is null && string.IsNullOrWhiteSpace(declaration.Feed))
            throw new ArgumentException("A feed was declared without a name. Give its origin or its id.", nameof(declaration));
        string feed = declaration.Feed ?? FeedId.From(declaration.Origin!);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (FeedField field in declaration.Fields)
        {
            if (string.IsNullOrEmpty(field.Name) || field.Name.Contains('\0', StringComparison.Ordinal))
                throw new ArgumentException($"Feed '{feed}': a field has no usable name. Give every field a name without null characters.", nameof(declaration));
            if (!names.Add(field.Name))
                throw new ArgumentException($"Feed '{feed}': the field '{field.Name}' is declared twice. Field names must be unique within a feed.", nameof(declaration));
            if (!Enum.IsDefined(field.Type))
                throw new ArgumentException($"Feed '{feed}': the field '{field.Name}' has the unknown type {(int)field.Type}. Use one of {string.Join(", ", Enum.GetNames<FieldType>())}.", nameof(declaration));
        }
    }
}
