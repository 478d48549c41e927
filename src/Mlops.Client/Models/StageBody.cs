namespace Mlops.Client;

/// <summary>Says what a model is meant for.</summary>
/// <param name="Stage"><c>none</c>, <c>candidate</c>, <c>production</c> or <c>archived</c>.</param>
public sealed record StageBody(string Stage);
