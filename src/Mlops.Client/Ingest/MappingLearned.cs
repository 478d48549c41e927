namespace Mlops.Client;

/// <summary>What was seen on some topics, and the mapping that fits it.</summary>
/// <param name="Messages">How many messages came.</param>
/// <param name="Records">How many records they hold.</param>
/// <param name="Topics">Their topics.</param>
/// <param name="Notes">What to know before it is added.</param>
/// <param name="Mapping">The mapping; <see langword="null"/> when none fits.</param>
public sealed record MappingLearned(int Messages, int Records, IReadOnlyList<string> Topics, IReadOnlyList<string> Notes, Mapping? Mapping = null);
