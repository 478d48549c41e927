namespace Mlops.Client;

/// <summary>What a server of the Open Inference Protocol says of itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Extensions">The extensions it has.</param>
public sealed record InferenceServer(string Name, string Version, IReadOnlyList<string> Extensions);
