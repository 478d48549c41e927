namespace Mlops.Workflows.Packages;

/// <summary>A file of a package that is not installed yet.</summary>
/// <param name="Path">Its path in the package, with <c>/</c>.</param>
/// <param name="Length">Its length in bytes as announced; more is not read.</param>
/// <param name="Crc">The checksum that the archive announces; <see langword="null"/> when there is none.</param>
/// <param name="Open">Opens its content.</param>
internal sealed record PackageFile(string Path, long Length, uint? Crc, Func<Stream> Open);
