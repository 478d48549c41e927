namespace Mlops.Client;

/// <summary>A column of a statement's answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
public sealed record SqlAnswerColumn(string Name, string Type);
