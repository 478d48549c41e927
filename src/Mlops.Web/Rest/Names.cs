using System.Text.Json;

namespace Mlops.Web.Rest;

/// <summary>Choices as they are written in JSON: in camel case.</summary>
internal static class Names
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <exception cref="ProblemException">There is no such choice.</exception>
    public static T Parse<T>(string what, string text)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (Of(value).Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        throw ProblemException.Invalid(
            $"'{(text.Length > 100 ? text[..100] + "…" : text)}' is no value of '{what}'.", $"Choose one of: {string.Join(", ", Enum.GetValues<T>().Select(Of))}.");
    }

    public static T? ParseOptional<T>(string what, string? text)
        where T : struct, Enum => text is null ? null : Parse<T>(what, text);
}
