using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Mlops.Data;
using Mlops.Drivers.Settings;
using Mlops.Store;

namespace Mlops.Drivers.Catalog;

/// <summary>What the database remembers of assets.</summary>
internal sealed class AssetRows(NodeDatabase database, TimeProvider time)
{
    private const string Columns = "SELECT id, kind, enabled, mirror, settings, version, changed FROM asset";

    public List<AssetRow> List() => database.Read(db => db.Rows($"{Columns} ORDER BY id", Read));

    public AssetRow? Find(string id) => database.Read(db => Find(db, id));

    /// <summary>Adds or replaces an asset.</summary>
    /// <param name="row">The asset; its version and time are given here.</param>
    /// <param name="ifVersion">The version that it must have now; 0 = it must not be there; <see langword="null"/> = whatever.</param>
    /// <param name="cancellationToken">Gives up before the write has begun.</param>
    public Task<AssetRow> SaveAsync(AssetRow row, long? ifVersion, CancellationToken cancellationToken) => database.WriteAsync(
        db =>
        {
            AssetRow? now = Find(db, row.Id);
            Check(row.Id, ifVersion, now);
            if (now is not null && now.Kind != row.Kind)
                db.Run("DELETE FROM asset_memory WHERE asset = $id", ("$id", row.Id));
            return Save(db, row with { Id = now?.Id ?? row.Id });
        },
        cancellationToken);

    /// <summary>Adds assets that were never seeded before, and remembers that they were.</summary>
    /// <returns>Those that were added.</returns>
    public Task<List<AssetRow>> SeedAsync(IReadOnlyCollection<AssetRow> rows, CancellationToken cancellationToken) => database.WriteAsync(
        db => rows.Where(r => db.Run("INSERT OR IGNORE INTO asset_seed VALUES ($id)", ("$id", r.Id)) > 0 && Find(db, r.Id) is null).Select(r => Save(db, r)).ToList(),
        cancellationToken);

    /// <summary>Tells which of some ids were never seeded.</summary>
    public List<string> Unseeded(IEnumerable<string> ids) => database.Read(
        db => ids.Where(id => db.Scalar<string>("SELECT id FROM asset_seed WHERE id = $id", ("$id", id)) is null).ToList());

    public Task<bool> RemoveAsync(string id, long? ifVersion, CancellationToken cancellationToken) => database.WriteAsync(
        db =>
        {
            Check(id, ifVersion, Find(db, id));
            db.Run("DELETE FROM asset_memory WHERE asset = $id", ("$id", id));
            return db.Run("DELETE FROM asset WHERE id = $id", ("$id", id)) > 0;
        },
        cancellationToken);

    public IReadOnlyDictionary<string, string> Recall(string asset) => database.Read(db => db.Rows(
        "SELECT key, value FROM asset_memory WHERE asset = $asset", row => (Key: row.GetString(0), Value: row.GetString(1)), ("$asset", asset)))
        .ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);

    public Task RememberAsync(string asset, string key, string? value, CancellationToken cancellationToken) => database.WriteAsync(
        db =>
        {
            if (value is null)
                db.Run("DELETE FROM asset_memory WHERE asset = $asset AND key = $key", ("$asset", asset), ("$key", key));
            else
                db.Run("INSERT OR REPLACE INTO asset_memory VALUES ($asset, $key, $value)", ("$asset", asset), ("$key", key), ("$value", value));
        },
        cancellationToken);

    private static AssetRow? Find(SqliteConnection db, string id) => db.Rows($"{Columns} WHERE id = $id", Read, ("$id", id)).FirstOrDefault();

    private static void Check(string id, long? ifVersion, AssetRow? now)
    {
        if (ifVersion is { } wanted && wanted != (now?.Version ?? 0))
            throw new AssetConflictException(id, now?.Version ?? 0, wanted);
    }

    private AssetRow Save(SqliteConnection db, AssetRow row)
    {
        long version = long.Parse(
            db.Scalar<string>(
                """
                INSERT INTO setting VALUES ('assets.version', '1')
                ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value
                """)!,
            CultureInfo.InvariantCulture);
        AssetRow saved = row with { Version = version, Changed = time.GetUtcNow() };
        db.Run(
            "INSERT OR REPLACE INTO asset VALUES ($id, $kind, $enabled, $mirror, $settings, $version, $changed)",
            ("$id", saved.Id),
            ("$kind", saved.Kind),
            ("$enabled", saved.Enabled),
            ("$mirror", saved.Mirror),
            ("$settings", saved.Settings.ToJsonString(SettingsJson.Options)),
            ("$version", saved.Version),
            ("$changed", EpochTime.FromDateTimeOffset(saved.Changed)));
        return saved;
    }

    private static AssetRow Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetInt64(2) != 0,
        row.GetInt64(3) != 0,
        JsonNode.Parse(row.GetString(4))!.AsObject(),
        row.GetInt64(5),
        EpochTime.ToDateTimeOffset(row.GetInt64(6)));
}
