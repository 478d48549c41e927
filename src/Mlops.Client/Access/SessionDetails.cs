namespace Mlops.Client;

/// <summary>Who the caller is to the node.</summary>
/// <param name="User">Name of the user or token; <see langword="null"/> when nobody is signed in.</param>
/// <param name="Role">The role: <c>viewer</c>, <c>operator</c>, <c>dataScientist</c> or <c>admin</c>.</param>
/// <param name="SignInRequired">Whether requests need a sign-in or a token.</param>
/// <param name="Csrf">What the header <c>X-Mlops-Csrf</c> must hold in requests that change something, when signed in by cookie.</param>
/// <param name="Expires">When the session ends.</param>
public sealed record SessionDetails(
    string? User = null,
    string? Role = null,
    bool SignInRequired = false,
    string? Csrf = null,
    DateTimeOffset? Expires = null);
