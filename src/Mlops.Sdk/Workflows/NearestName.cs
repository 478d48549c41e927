namespace Mlops.Workflows;

/// <summary>Finds which known name somebody may have meant.</summary>
internal static class NearestName
{
    /// <summary>Returns the known name with the fewest edits, when they are few enough for a slip of the pen.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length > 100)
            return null;
        (string? best, int edits) = known
            .Where(k => k.Length <= 100)
            .Select(k => (Name: (string?)k, Edits: Distance(name.ToUpperInvariant(), k.ToUpperInvariant())))
            .DefaultIfEmpty((null, int.MaxValue))
            .MinBy(k => k.Item2);
        return edits <= Math.Max(1, name.Length / 3) ? best : null;
    }

    /// <summary>Returns <c> Did you mean 'name'?</c> with a leading blank, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> known) => Find(name, known) is { } near ? $" Did you mean '{near}'?" : "";

    // Levenshtein's distance, with a swap of neighbours counted as one edit.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
