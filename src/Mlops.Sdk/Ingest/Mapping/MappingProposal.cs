namespace Mlops.Ingest.Mapping;

/// <summary>What was seen on some topics, and the mapping that fits it.</summary>
/// <param name="Mapping">The mapping, to be accepted as it is or changed; <see langword="null"/> when no message held JSON.</param>
/// <param name="Messages">How many messages were seen.</param>
/// <param name="Records">How many records were in them.</param>
/// <param name="Topics">Topics that were seen, at most 100.</param>
/// <param name="Notes">What a person should look at: fields that are often missing or change their type, messages that are not JSON.</param>
public sealed record MappingProposal(JsonMapping? Mapping, int Messages, int Records, IReadOnlyList<string> Topics, IReadOnlyList<string> Notes);
