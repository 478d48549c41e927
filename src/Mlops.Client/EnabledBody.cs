namespace Mlops.Client;

/// <summary>Turns something on or off.</summary>
/// <param name="Enabled">Whether it is on.</param>
public sealed record EnabledBody(bool Enabled);
