using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>One version of a workflow.</summary>
/// <param name="Name">The workflow's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Description">What it does.</param>
/// <param name="Runtime">What executes it.</param>
/// <param name="Digest">Digest over its files, SHA-256 in hex.</param>
/// <param name="Trusted">Whether it is trusted: installed by the host, or signed by a trusted key.</param>
/// <param name="Output">What it answers.</param>
/// <param name="Parameters">The parameters of training with their defaults.</param>
/// <param name="Inputs">Its inputs; <see langword="null"/> for every column except the label.</param>
/// <param name="Label">The column or label set that holds the truth.</param>
/// <param name="Requirements">The libraries that it needs.</param>
/// <param name="Versions">All versions, newest first, where one workflow was asked for.</param>
/// <param name="Readme">Its README.md, where one workflow was asked for.</param>
public sealed record WorkflowDetails(
    string Name,
    string Version,
    string Description,
    string Runtime,
    string Digest,
    bool Trusted,
    WorkflowAnswer Output,
    JsonObject Parameters,
    IReadOnlyList<WorkflowInputDetails>? Inputs = null,
    string? Label = null,
    IReadOnlyList<string>? Requirements = null,
    IReadOnlyList<string>? Versions = null,
    string? Readme = null);
