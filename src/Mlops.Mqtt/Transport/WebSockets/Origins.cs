namespace Mlops.Mqtt.Transport.WebSockets;

/// <summary>Decides which pages a browser may connect from. Who is no browser sends no origin and is not asked.</summary>
/// <remarks>
/// A broker that trusts its own machine would otherwise trust every page that a browser there shows. A name says nothing here, as its
/// owner can point it at any address; so without a list only pages from the very address that is connected to are let in.
/// </remarks>
internal static class Origins
{
    private const string Any = "*";

    public static bool Allow(string origin, string host, ICollection<string> allowed)
    {
        if (allowed.Contains(Any) || allowed.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return true;
        return allowed.Count == 0
            && Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && Uri.TryCreate($"http://{host}", UriKind.Absolute, out var here)
            && string.Equals(page.Host, here.Host, StringComparison.OrdinalIgnoreCase)
            && (page.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || page.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase));
    }
}
