namespace Mlops.Client;

/// <summary>How many records of a class there are.</summary>
/// <param name="Name">The class.</param>
/// <param name="Count">How many records.</param>
public sealed record ClassCount(string Name, long Count);
