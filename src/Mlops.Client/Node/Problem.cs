namespace Mlops.Client;

/// <summary>Why a request was not done, as <c>application/problem+json</c>.</summary>
/// <param name="Title">The kind of problem.</param>
/// <param name="Status">The status code of the response.</param>
/// <param name="Detail">What was being done, to what, and which value was wrong.</param>
/// <param name="Remedy">What helps.</param>
/// <param name="Errors">Everything that is wrong, where there are several things.</param>
/// <param name="TraceId">Under which the node's log has more about it.</param>
/// <param name="Type">A URI of the kind of problem.</param>
public sealed record Problem(
    string Title,
    int Status,
    string? Detail = null,
    string? Remedy = null,
    IReadOnlyList<string>? Errors = null,
    string? TraceId = null,
    string? Type = null);
