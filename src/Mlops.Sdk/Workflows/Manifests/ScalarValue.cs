using System.Globalization;

namespace Mlops.Workflows.Manifests;

/// <summary>Gives scalars their types, as YAML's core schema does.</summary>
internal static class ScalarValue
{
    /// <summary>Finds the value: string, long, double, bool or null; or says what is wrong with it.</summary>
    public static bool TryRead(YamlScalar scalar, out object? value, out string problem)
    {
        string text = scalar.Text;
        problem = "";
        value = null;
        if (scalar.IsNull)
            return true;
        if (scalar.Quoted)
        {
            value = text;
        }
        else if (Boolean(scalar) is { } boolean)
        {
            value = boolean;
        }
        else if (text is ".inf" or ".Inf" or ".INF" or "+.inf" or "-.inf" or ".nan" or ".NaN" or ".NAN")
        {
            problem = $"{text} is no finite number.";
        }
        else if (IsInteger(text))
        {
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
                value = integer;
            else
                problem = $"{FindingList.Quote(text)} does not fit into 64 bits.";
        }
        else if (text.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex))
        {
            value = hex;
        }
        else if (text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E') && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            value = number;
            if (!double.IsFinite(number))
                problem = $"{FindingList.Quote(text)} is no finite number.";
        }
        else
        {
            value = text;
        }

        return problem.Length == 0;
    }

    /// <summary>Returns the Boolean that a plain scalar spells, or <see langword="null"/>.</summary>
    public static bool? Boolean(YamlScalar scalar) => scalar switch
    {
        { Quoted: true } => null,
        { Text: "true" or "True" or "TRUE" } => true,
        { Text: "false" or "False" or "FALSE" } => false,
        _ => null,
    };

    private static bool IsInteger(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9');
    }
}
