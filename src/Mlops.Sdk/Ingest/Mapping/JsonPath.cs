namespace Mlops.Ingest.Mapping;

/// <summary>Paths of values in JSON: names and numbers with dots between.</summary>
internal static class JsonPath
{
    /// <summary>Writes <c>a[0].b</c> as <c>a.0.b</c>.</summary>
    public static string Normalize(string path) =>
        path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).TrimStart('.');

    /// <summary>Returns the paths of the lists in whose elements a path leads: what stands before each number.</summary>
    public static IEnumerable<string> Lists(string path)
    {
        string[] segments = path.Split('.');
        for (int i = 1; i < segments.Length; i++)
        {
            if (segments[i].Length > 0 && segments[i].All(char.IsAsciiDigit))
                yield return string.Join('.', segments.Take(i));
        }
    }
}
