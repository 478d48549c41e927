using System.Text;

namespace Mlops.Data;

/// <summary>Builds feed ids: <c>app.connection.collection</c> in lower case, anything but <c>[a-z0-9_]</c> replaced by <c>-</c>.</summary>
public static class FeedId
{
    /// <summary>Builds the id of a feed from its announced names.</summary>
    /// <param name="origin">The announced names.</param>
    /// <returns>The id; two different origins may give the same one, then the store appends a four-digit hash.</returns>
    public static string From(FeedOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return $"{Part(origin.App)}.{Part(origin.Connection)}.{Part(origin.Collection)}";
    }

    /// <summary>Normalises an id given by a person or program; dots separate its parts.</summary>
    /// <param name="id">Any text.</param>
    /// <returns>The id in its only valid spelling.</returns>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static string Normalize(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return string.Join('.', id.Split('.').Select(Part));
    }

    private static string Part(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            int c = rune.Value is >= 'A' and <= 'Z' ? rune.Value + 32 : rune.Value;
            text.Append(c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' ? (char)c : '-');
        }

        return text.Length == 0 ? "-" : text.ToString();
    }
}
