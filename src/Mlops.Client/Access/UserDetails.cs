namespace Mlops.Client;

/// <summary>A user of a node.</summary>
/// <param name="Name">The name, unique without regard to case.</param>
/// <param name="Role">The role.</param>
/// <param name="Enabled">Whether the user may sign in.</param>
/// <param name="Created">When the user was added.</param>
/// <param name="LockedUntil">Until when sign-in is refused after wrong passwords.</param>
public sealed record UserDetails(string Name, string Role, bool Enabled, DateTimeOffset Created, DateTimeOffset? LockedUntil = null);
