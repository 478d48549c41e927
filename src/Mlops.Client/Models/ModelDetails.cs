using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>A model, with all that is needed to know where it came from.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Version">The workflow's version.</param>
/// <param name="Stage">What it is meant for: <c>none</c>, <c>candidate</c>, <c>production</c> or <c>archived</c>.</param>
/// <param name="Training">The training that produced it.</param>
/// <param name="Digest">Digest over its files, SHA-256 in hex.</param>
/// <param name="PackageDigest">Digest of the package that trained it.</param>
/// <param name="Inputs">The inputs it learned from, in its order.</param>
/// <param name="Data">What was selected for its training.</param>
/// <param name="Parameters">The parameters of its training.</param>
/// <param name="Metrics">The metrics that its training reported.</param>
/// <param name="Environment">Versions of the runtime and its libraries.</param>
/// <param name="Created">When it was stored.</param>
/// <param name="Classes">The classes it answers with.</param>
/// <param name="Measurements">What its training took.</param>
/// <param name="Author">Who wanted the training.</param>
/// <param name="Origin">Where it came from; <see langword="null"/> when it was trained here.</param>
/// <param name="Request">What was asked of the training: the selection, its bindings and parameters.</param>
public sealed record ModelDetails(
    string Id,
    string Workflow,
    string Version,
    string Stage,
    string Training,
    string Digest,
    string PackageDigest,
    IReadOnlyList<FieldDetails> Inputs,
    DataDetails Data,
    JsonObject Parameters,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, string> Environment,
    DateTimeOffset Created,
    IReadOnlyList<string>? Classes = null,
    RunFigures? Measurements = null,
    string? Author = null,
    ModelOriginDetails? Origin = null,
    TrainingStart? Request = null);
