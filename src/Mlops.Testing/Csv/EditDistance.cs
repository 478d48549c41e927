namespace Mlops.Testing.Csv;

/// <summary>Finds the name that a misspelt one was probably meant to be (Levenshtein distance, letter case aside).</summary>
internal static class EditDistance
{
    public static string Nearest(string name, IReadOnlyList<string> candidates) =>
        candidates.MinBy(candidate => Between(name.ToUpperInvariant(), candidate.ToUpperInvariant()))!;

    private static int Between(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, 1 + Math.Min(previous[j], current[j - 1]));
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
