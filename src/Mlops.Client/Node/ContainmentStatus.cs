namespace Mlops.Client;

/// <summary>One of the means that contain uploaded code.</summary>
/// <param name="Name">What is contained, for example <c>network</c>.</param>
/// <param name="Active">Whether it is in force.</param>
/// <param name="By">By what, or why not.</param>
public sealed record ContainmentStatus(string Name, bool Active, string By);
