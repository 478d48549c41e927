using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Mlops.Databus;
using Mlops.Store;

namespace Mlops.Ingest.Assembly;

/// <summary>Keeps the entries in <c>mlops.db</c> and puts changes in effect, in the pipeline first and then for what the databus announced. One change at a time.</summary>
internal sealed class Assemblies(NodeDatabase database, IngestPipeline pipeline, DatabusConsumer databus, IOptions<IngestOptions> options) : IAssemblies, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private IReadOnlyList<FeedAssembly> _entries = [];

    public IReadOnlyList<FeedAssembly> List() => Volatile.Read(ref _entries);

    public FeedAssembly For(string feed) => pipeline.Assemblies.For(feed);

    /// <summary>Loads the entries, adds those that the configuration has for the first time, and puts all in effect.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        FeedAssembly[] configured = [.. options.Value.Assembly.Select(a => a.ToAssembly())];
        await database.WriteAsync(
            connection =>
            {
                // Each one once, by its feed: what a person removed or changed later stays so.
                foreach (FeedAssembly entry in configured.DistinctBy(e => e.Feed))
                {
                    if (connection.Run("INSERT OR IGNORE INTO assembly_seed VALUES ($feed)", ("$feed", entry.Feed)) > 0)
                        connection.Run("INSERT OR IGNORE INTO assembly VALUES ($feed, $body)", ("$feed", entry.Feed), ("$body", Body(entry)));
                }

                return 0;
            },
            cancellationToken).ConfigureAwait(false);
        Install(database.Read(c => c.Rows("SELECT body FROM assembly", r => JsonSerializer.Deserialize(r.GetString(0), AssemblyContext.Default.FeedAssembly)!)));
    }

    public Task PutAsync(FeedAssembly assembly, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        string[] errors = [.. AssemblyRules.Check(assembly)];
        if (errors.Length > 0)
            throw new ArgumentException($"The assembly of '{assembly.Feed}' cannot work. {string.Join(" ", errors)}", nameof(assembly));
        return ChangeAsync(
            known => [.. known.Where(e => e.Feed != assembly.Feed), assembly],
            connection => connection.Run("INSERT OR REPLACE INTO assembly VALUES ($feed, $body)", ("$feed", assembly.Feed), ("$body", Body(assembly))),
            cancellationToken);
    }

    public async Task<bool> RemoveAsync(string feed, CancellationToken cancellationToken = default)
    {
        bool found = List().Any(e => e.Feed == feed);
        await ChangeAsync(
            known => [.. known.Where(e => e.Feed != feed)],
            connection => connection.Run("DELETE FROM assembly WHERE feed = $feed", ("$feed", feed)),
            cancellationToken).ConfigureAwait(false);
        return found;
    }

    public void Dispose() => _turn.Dispose();

    private async Task ChangeAsync(Func<IReadOnlyList<FeedAssembly>, IReadOnlyList<FeedAssembly>> change, Action<SqliteConnection> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<FeedAssembly> next = change(_entries);
            await database.WriteAsync(write, cancellationToken).ConfigureAwait(false);
            Install(next);
            await databus.ReshapeAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Install(IReadOnlyList<FeedAssembly> entries)
    {
        Volatile.Write(ref _entries, [.. entries.OrderBy(e => e.Feed, StringComparer.Ordinal)]);
        pipeline.Assemble(new AssemblyRules(entries));
    }

    private static string Body(FeedAssembly entry) => JsonSerializer.Serialize(entry, AssemblyContext.Default.FeedAssembly);
}
