namespace Mlops.Client;

/// <summary>A new API token.</summary>
/// <param name="Token">The token, which is never shown again.</param>
/// <param name="Details">What is kept of it.</param>
public sealed record TokenCreated(string Token, TokenDetails Details);
