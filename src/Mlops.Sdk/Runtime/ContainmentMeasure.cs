namespace Mlops.Runtime;

/// <summary>One of the means that contain workers.</summary>
/// <param name="Name">
/// What is contained: <c>files</c>, <c>network</c>, <c>memory</c>, <c>processes</c>, <c>privileges</c>, <c>account</c>, <c>process space</c> or <c>processors</c>.
/// </param>
/// <param name="Active">Whether it is in force.</param>
/// <param name="By">By what, or why not.</param>
public sealed record ContainmentMeasure(string Name, bool Active, string By);
