namespace Mlops.Client;

/// <summary>A blob that was stored.</summary>
/// <param name="Reference">What a record holds in a field of blobs.</param>
/// <param name="Hash">SHA-256 of its bytes.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="MediaType">What it is.</param>
public sealed record BlobDetails(string Reference, string Hash, long Size, string MediaType);
