using System.Globalization;
using System.Text.Json;

namespace Mlops.Workflows;

/// <summary>Fills the parameters of a training: the manifest's defaults, replaced by what was asked for.</summary>
internal static class ParameterBinding
{
    /// <summary>Brings values from JSON or C# to the types that are kept: string, long, double, bool or null.</summary>
    /// <exception cref="WorkflowException">A value is none of these.</exception>
    public static IReadOnlyDictionary<string, object?>? Normalize(IReadOnlyDictionary<string, object?>? given) =>
        given?.ToDictionary(p => p.Key, p => Normalize(p.Key, p.Value), StringComparer.Ordinal);

    /// <summary>Fills; what does not fit is added to <paramref name="problems"/>.</summary>
    public static IReadOnlyDictionary<string, object?> Bind(WorkflowManifest manifest, IReadOnlyDictionary<string, object?>? given, List<string> problems)
    {
        var bound = new Dictionary<string, object?>(manifest.Parameters, StringComparer.Ordinal);
        foreach ((string name, object? value) in given ?? new Dictionary<string, object?>())
        {
            if (!manifest.Parameters.TryGetValue(name, out object? @default))
                problems.Add($"The workflow has no parameter '{name}'.{NearestName.Hint(name, manifest.Parameters.Keys)} Its parameters: {(manifest.Parameters.Count == 0 ? "none" : string.Join(", ", manifest.Parameters.Keys))}.");
            else if (TryFit(value, @default, out object? fitting))
                bound[name] = fitting;
            else
                problems.Add($"Parameter '{name}' is {Show(value)}, but {TypeName(@default)} is expected, as its default {Show(@default)} is. Give {TypeName(@default)}.");
        }

        return bound;
    }

    private static bool TryFit(object? value, object? @default, out object? fitting)
    {
        fitting = (@default, value) switch
        {
            (double, long integer) => (double)integer,

            // JavaScript has one kind of number, so 3 may come as 3.0.
            (long, double number) when Math.Abs(number) <= 1L << 53 && number == Math.Floor(number) => (long)number,
            _ => value,
        };
        return @default is null || (fitting is not null && fitting.GetType() == @default.GetType());
    }

    private static object? Normalize(string name, object? value) => value switch
    {
        null or string or long or bool => value,
        JsonElement json => Normalize(name, json),
        int or short or sbyte or byte or ushort or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        double or float or decimal when Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) => number,
        _ => throw new WorkflowException($"Parameter '{name}' is {Show(value)} ({value.GetType().Name}). Give a text, a finite number, true, false or null."),
    };

    private static object? Normalize(string name, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number when !json.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') && json.TryGetInt64(out long integer) => integer,
        JsonValueKind.Number when json.TryGetDouble(out double number) && double.IsFinite(number) => number,
        _ => throw new WorkflowException($"Parameter '{name}' is {Show(json.GetRawText())}. Give a text, a finite number, true, false or null."),
    };

    private static string TypeName(object? value) => value switch
    {
        long => "a whole number",
        double => "a number",
        bool => "true or false",
        string => "a text",
        _ => "any value",
    };

    private static string Show(object? value) => value switch
    {
        null => "null",
        bool boolean => boolean ? "true" : "false",
        string text => FindingList.Quote(text),
        _ => FindingList.Quote(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")[1..^1],
    };
}
