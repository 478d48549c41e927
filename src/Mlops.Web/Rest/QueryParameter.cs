namespace Mlops.Web.Rest;

/// <summary>A parameter in the query of an operation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its JSON schema type.</param>
/// <param name="Text">What it is.</param>
/// <param name="Format">Its JSON schema format.</param>
internal sealed record QueryParameter(string Name, string Type, string Text, string? Format = null)
{
    public static QueryParameter Instant(string name, string text) => new(name, "string", text + " ISO 8601; without an offset UTC.", "date-time");
}
