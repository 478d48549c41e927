namespace Mlops.Mqtt;

/// <summary>Takes filters of shared subscriptions apart: <c>$share/name/filter</c> (MQTT 5, section 4.8.2).</summary>
internal static class SharedFilter
{
    private const string Prefix = "$share/";

    public static bool IsShared(ReadOnlySpan<char> filter) => filter.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Gives the part that topics are matched against: what follows the name, or the filter itself when it is not shared.</summary>
    public static ReadOnlySpan<char> TopicFilterOf(ReadOnlySpan<char> filter)
    {
        if (!IsShared(filter))
            return filter;
        var rest = filter[Prefix.Length..];
        int slash = rest.IndexOf('/');
        return slash < 0 ? default : rest[(slash + 1)..];
    }

    /// <summary>Tells whether a shared filter has a name without wildcards.</summary>
    public static bool HasValidName(ReadOnlySpan<char> filter)
    {
        var rest = filter[Prefix.Length..];
        int slash = rest.IndexOf('/');
        return slash > 0 && rest[..slash].IndexOfAny('+', '#') < 0;
    }
}
