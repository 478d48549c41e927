namespace Mlops.Client;

/// <summary>Names and proves a user.</summary>
/// <param name="User">Name of the user.</param>
/// <param name="Password">The password.</param>
public sealed record SignIn(string User, string Password);
