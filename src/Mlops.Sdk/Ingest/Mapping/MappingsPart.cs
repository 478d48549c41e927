using Mlops.Hosting;

namespace Mlops.Ingest.Mapping;

/// <summary>The mappings of plain JSON in the node's configuration file: <c>{id: {topic, feed, …}}</c>.</summary>
internal sealed class MappingsPart(IMappings mappings) : KeyedConfigurationPart<JsonMapping>("mappings", "id", MappingContext.Default.JsonMapping)
{
    protected override string NoGroup => "mappings: this is not a group of mappings by id. Write 'mappings: {id: {topic: plant/+, feed: plant}}'.";

    protected override IReadOnlyList<JsonMapping> List() => mappings.List();

    protected override string Key(JsonMapping entry) => entry.Id;

    protected override JsonMapping Blank(string key) => new() { Id = key, Topic = "", Feed = "" };

    protected override IEnumerable<string> Check(JsonMapping entry) => MappingRules.Check(entry);

    protected override Task<bool> RemoveAsync(string key, CancellationToken cancellationToken) => mappings.RemoveAsync(key, cancellationToken);

    protected override Task PutAsync(JsonMapping entry, bool isKnown, CancellationToken cancellationToken) =>
        isKnown ? mappings.ChangeAsync(entry, cancellationToken) : mappings.AddAsync(entry, cancellationToken);
}
