using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Mlops.Store;

/// <summary>Brings <c>mlops.db</c> forward: runs the embedded <c>Migrations/*.sql</c> that it has not seen, in the order of their numbers.</summary>
internal static class SchemaMigrations
{
    public static void Apply(SqliteConnection connection)
    {
        connection.Run("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID");
        HashSet<string> seen = [.. connection.Rows("SELECT name FROM migration", r => r.GetString(0))];
        Assembly assembly = typeof(SchemaMigrations).Assembly;
        var known = assembly.GetManifestResourceNames()
            .Where(n => n.EndsWith(".sql", StringComparison.Ordinal))
            .Select(n => (Resource: n, Name: n[(n.LastIndexOf('.', n.Length - 5) + 1)..^4]))
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .ToList();
        if (seen.Except(known.Select(m => m.Name)).FirstOrDefault() is { } newer)
        {
            throw new InvalidDataException(
                $"'{connection.DataSource}' was written by a newer version (it has '{newer}'). Update this host, or restore a backup made by its version.");
        }

        foreach ((string resource, string name) in known.Where(m => !seen.Contains(m.Name)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            connection.Run("BEGIN IMMEDIATE");
            connection.Run(reader.ReadToEnd());
            connection.Run("INSERT INTO migration VALUES ($name)", ("$name", name));
            connection.Run("COMMIT");
        }
    }
}
