namespace Mlops.Workflows;

/// <summary>An installed workflow package: immutable files with their manifest.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Digest">SHA-256 over the digests of all files, hex.</param>
/// <param name="Folder">Where the files are; read-only by contract.</param>
/// <param name="Trusted">Whether the host installed it itself or a trusted key signed it.</param>
public sealed record WorkflowPackage(WorkflowManifest Manifest, string Digest, string Folder, bool Trusted);
