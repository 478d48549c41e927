using Mlops.Hosting;

namespace Mlops.Ingest.Assembly;

/// <summary>How rows are assembled, in the node's configuration file: <c>{feed: {mode, maxAge, period, shape}}</c>.</summary>
internal sealed class AssemblyPart(IAssemblies assemblies) : KeyedConfigurationPart<FeedAssembly>("assembly", "feed", AssemblyContext.Default.FeedAssembly)
{
    protected override string NoGroup => "assembly: this is not a group of entries by feed. Write 'assembly: {feed: {mode: latest, maxAge: \"00:00:10\"}}'.";

    protected override string Hint => " Known: mode, maxAge, period, shape.";

    protected override IReadOnlyList<FeedAssembly> List() => assemblies.List();

    protected override string Key(FeedAssembly entry) => entry.Feed;

    protected override FeedAssembly Blank(string key) => new() { Feed = key };

    protected override IEnumerable<string> Check(FeedAssembly entry) => AssemblyRules.Check(entry);

    protected override Task<bool> RemoveAsync(string key, CancellationToken cancellationToken) => assemblies.RemoveAsync(key, cancellationToken);

    protected override Task PutAsync(FeedAssembly entry, bool isKnown, CancellationToken cancellationToken) => assemblies.PutAsync(entry, cancellationToken);
}
