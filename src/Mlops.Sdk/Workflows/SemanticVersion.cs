using System.Diagnostics.CodeAnalysis;

namespace Mlops.Workflows;

/// <summary>A version as https://semver.org (2.0.0) defines it. Compared by precedence, so build metadata does not count.</summary>
internal readonly struct SemanticVersion : IComparable<SemanticVersion>
{
    /// <summary>Longest text that is taken; it becomes the name of a folder.</summary>
    public const int MaxLength = 100;

    private readonly string[] _core;
    private readonly string[] _preRelease;

    private SemanticVersion(string text, string[] core, string[] preRelease)
    {
        Text = text;
        _core = core;
        _preRelease = preRelease;
    }

    /// <summary>Gets the version as it was written.</summary>
    public string Text { get; }

    public bool IsPreRelease => _preRelease.Length > 0;

    public static SemanticVersion Parse(string text) =>
        TryParse(text, out SemanticVersion version) ? version : throw new FormatException($"'{text}' is not a semantic version. Write major.minor.patch, for example 1.0.0.");

    public static bool TryParse([NotNullWhen(true)] string? text, out SemanticVersion version)
    {
        version = default;
        if (text is null || text.Length > MaxLength)
            return false;
        int plus = text.IndexOf('+', StringComparison.Ordinal);
        string[] build = plus < 0 ? [] : text[(plus + 1)..].Split('.');
        string rest = plus < 0 ? text : text[..plus];
        int dash = rest.IndexOf('-', StringComparison.Ordinal);
        string[] preRelease = dash < 0 ? [] : rest[(dash + 1)..].Split('.');
        string[] core = (dash < 0 ? rest : rest[..dash]).Split('.');
        if (core.Length != 3 || !core.All(IsNumber) || !build.All(IsIdentifier)
            || !preRelease.All(p => IsIdentifier(p) && (!p.All(char.IsAsciiDigit) || IsNumber(p))))
            return false;
        version = new SemanticVersion(text, core, preRelease);
        return true;
    }

    public int CompareTo(SemanticVersion other)
    {
        for (int i = 0; i < 3; i++)
        {
            if (CompareNumbers(_core[i], other._core[i]) is var c and not 0)
                return c;
        }

        if (IsPreRelease != other.IsPreRelease)
            return IsPreRelease ? -1 : 1;
        for (int i = 0; i < Math.Min(_preRelease.Length, other._preRelease.Length); i++)
        {
            if (CompareIdentifiers(_preRelease[i], other._preRelease[i]) is var c and not 0)
                return c;
        }

        return _preRelease.Length.CompareTo(other._preRelease.Length);
    }

    public override string ToString() => Text;

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0');

    private static bool IsIdentifier(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    // Numbers may be longer than any integer type; without leading zeros the longer one is the larger one.
    private static int CompareNumbers(string a, string b) => a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);

    private static int CompareIdentifiers(string a, string b)
    {
        bool aIsNumber = a.All(char.IsAsciiDigit), bIsNumber = b.All(char.IsAsciiDigit);
        return aIsNumber && bIsNumber ? CompareNumbers(a, b) : aIsNumber ? -1 : bIsNumber ? 1 : string.CompareOrdinal(a, b);
    }
}
