namespace Mlops.Client;

/// <summary>Asks for another password for whoever is signed in.</summary>
/// <param name="Current">The password so far.</param>
/// <param name="New">The password from now on.</param>
public sealed record PasswordChange(string Current, string New);
