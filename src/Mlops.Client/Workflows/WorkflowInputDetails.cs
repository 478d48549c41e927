namespace Mlops.Client;

/// <summary>An input or output of a workflow.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>number</c>, <c>integer</c>, <c>text</c>, <c>boolean</c> or <c>image</c>.</param>
/// <param name="Unit">The unit of its values.</param>
public sealed record WorkflowInputDetails(string Name, string Type, string? Unit = null);
