namespace Mlops.Client;

/// <summary>Something that a node sends to those who listen.</summary>
/// <param name="Name">What it is: <c>records</c>, <c>predictions</c>, <c>training</c>, <c>deployment</c>, <c>asset</c>, …</param>
/// <param name="Data">JSON.</param>
/// <param name="Id">The position of the last record in it.</param>
public sealed record NodeEvent(string Name, string Data, string? Id = null);
