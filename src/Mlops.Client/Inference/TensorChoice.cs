namespace Mlops.Client;

/// <summary>Names an output.</summary>
/// <param name="Name">Its name.</param>
public sealed record TensorChoice(string Name);
