using System.Net;
using Microsoft.AspNetCore.Http;

namespace Mlops.Web.Security;

/// <summary>Tells whether a request comes from this machine, and was meant for it by whoever sent it.</summary>
internal static class LocalRequest
{
    /// <summary>
    /// True for a loopback address (or a socket of this machine) whose request no proxy passed on and which asks for a loopback name:
    /// a page that makes its own name resolve to 127.0.0.1 is a stranger.
    /// </summary>
    public static bool IsLocal(HttpContext http)
    {
        IHeaderDictionary headers = http.Request.Headers;
        return (http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address))
            && !headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("Forwarded") && !headers.ContainsKey("X-Real-IP")
            && IsLocalName(http.Request.Host.Host);
    }

    /// <summary>Tells whether a browser sent this for a page of another origin.</summary>
    public static bool IsCrossSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            return true;
        string origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && Authority(request) is { } own && uri.Authority.Equals(own, StringComparison.OrdinalIgnoreCase));
    }

    // As Uri has it: without the port that the scheme implies.
    private static string? Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out Uri? uri) ? uri.Authority : null;

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
