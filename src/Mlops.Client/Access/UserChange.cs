namespace Mlops.Client;

/// <summary>What a user shall be.</summary>
/// <param name="Role">The role; needed for a new user.</param>
/// <param name="Password">The new password; needed for a new user.</param>
/// <param name="Enabled">Whether the user may sign in.</param>
public sealed record UserChange(string? Role = null, string? Password = null, bool? Enabled = null);
