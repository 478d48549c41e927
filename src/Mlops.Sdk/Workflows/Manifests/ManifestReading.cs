namespace Mlops.Workflows.Manifests;

/// <summary>What came out of reading a manifest.</summary>
/// <param name="Manifest">The manifest; <see langword="null"/> when there are findings.</param>
/// <param name="Findings">All that is wrong, in the order of the lines.</param>
internal sealed record ManifestReading(WorkflowManifest? Manifest, IReadOnlyList<Finding> Findings);
