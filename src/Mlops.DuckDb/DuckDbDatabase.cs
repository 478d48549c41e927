using System.Globalization;
using Mlops.DuckDb.Native;

namespace Mlops.DuckDb;

/// <summary>
/// A DuckDB database in memory. Any number of connections, on any threads, share its tables, memory limit and worker threads.
/// The class is thread-safe.
/// </summary>
public sealed class DuckDbDatabase : IDisposable
{
    private readonly DatabaseHandle _handle;

    private DuckDbDatabase(DatabaseHandle handle) => _handle = handle;

    /// <summary>Gets the version of the loaded native library, for example <c>v1.5.5</c>.</summary>
    /// <exception cref="DllNotFoundException">The native library was not found; the message lists the places tried.</exception>
    public static string LibraryVersion => Api.Text(Api.duckdb_library_version()) ?? "";

    /// <summary>Opens a new, empty database in memory. It never loads extensions from the network.</summary>
    /// <param name="options">The bounds; the defaults of <see cref="DuckDbOptions"/> when null. Read once.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="DllNotFoundException">The native library was not found; the message lists the places tried.</exception>
    /// <exception cref="DuckDbException">The engine refuses an option.</exception>
    public static DuckDbDatabase OpenInMemory(DuckDbOptions? options = null)
    {
        options ??= new DuckDbOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MemoryLimitBytes, 1, "options.MemoryLimitBytes");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, "options.Threads");
        if (options.MaxTempBytes is { } tempBytes) ArgumentOutOfRangeException.ThrowIfLessThan(tempBytes, 0, "options.MaxTempBytes");

        _ = Api.duckdb_create_config(out var config);
        using (config)
        {
            Set(config, "memory_limit", Bytes(options.MemoryLimitBytes));
            Set(config, "threads", options.Threads.ToString(CultureInfo.InvariantCulture));
            Set(config, "temp_directory", options.TempFolder is { } folder ? Path.GetFullPath(folder) : "");
            if (options.MaxTempBytes is { } limit) Set(config, "max_temp_directory_size", Bytes(limit));
            Set(config, "errors_as_json", "true");
            Set(config, "autoinstall_known_extensions", "false");
            Set(config, "autoload_known_extensions", "false");
            Set(config, "allow_community_extensions", "false");

            var state = Api.duckdb_open_ext(":memory:", out var handle, config, out var error);
            var reason = Api.TakeText(error);
            if (state != Api.Success)
            {
                handle.Dispose();
                throw EngineError.Parse(reason).ToException("open a database in memory", statement: null);
            }

            var database = new DuckDbDatabase(handle);
            if (!options.AllowExternalFiles) database.RestrictFiles(options.AllowedFolders, options.AllowedFiles);
            return database;
        }
    }

    /// <summary>Opens a connection. Use one a thread: a connection runs one statement at a time.</summary>
    /// <exception cref="ObjectDisposedException">The database is disposed.</exception>
    /// <exception cref="DuckDbException">The engine could not make a connection.</exception>
    public DuckDbConnection Connect()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (Api.duckdb_connect(_handle, out var connection) == Api.Success) return new DuckDbConnection(connection);
        connection.Dispose();
        throw EngineError.Parse(null).ToException("connect to the database in memory", statement: null);
    }

    /// <summary>Closes the database. Connections that are still open keep working; the memory is freed when the last is disposed.</summary>
    public void Dispose() => _handle.Dispose();

    private static string Bytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{count}B");

    private static void Set(ConfigHandle config, string name, string value)
    {
        if (Api.duckdb_set_config(config, name, value) != Api.Success)
            throw new DuckDbException($"DuckDB does not accept '{value}' for its setting {name}.", "Invalid Configuration");
    }

    // The lists cannot be given before the database is open, and they are fixed once external access is off.
    private void RestrictFiles(IEnumerable<string> folders, IEnumerable<string> files)
    {
        using var connection = Connect();
        connection.Execute($"SET GLOBAL allowed_directories = [{List(folders)}]; SET GLOBAL allowed_paths = [{List(files)}]; SET GLOBAL enable_external_access = false");

        static string List(IEnumerable<string> paths) =>
            string.Join(", ", paths.Select(path => $"'{Path.GetFullPath(path).Replace("'", "''", StringComparison.Ordinal)}'"));
    }
}
