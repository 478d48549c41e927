namespace Mlops.Client;

/// <summary>How many things were changed.</summary>
/// <param name="Count">How many.</param>
public sealed record CountAnswer(int Count);
