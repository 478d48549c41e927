namespace Mlops.Client;

/// <summary>Asks for a mapping to be worked out from what comes.</summary>
/// <param name="Topic">The topics to be watched.</param>
/// <param name="Seconds">For how long, seconds.</param>
/// <param name="Messages">How many messages at most.</param>
public sealed record MappingLearning(string Topic, double Seconds = 10, int Messages = 100);
