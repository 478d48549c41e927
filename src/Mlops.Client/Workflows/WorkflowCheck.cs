namespace Mlops.Client;

/// <summary>What checking a package has shown.</summary>
/// <param name="Valid">Whether it can be installed.</param>
/// <param name="Name">The workflow's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Findings">What is wrong, each with its remedy, in a line.</param>
/// <param name="Problems">The same in parts, where a file of the package is at fault.</param>
public sealed record WorkflowCheck(
    bool Valid,
    string? Name = null,
    string? Version = null,
    IReadOnlyList<string>? Findings = null,
    IReadOnlyList<PackageFinding>? Problems = null);
