using Microsoft.AspNetCore.Http;

namespace Mlops.Web.Security;

/// <summary>What every answer says to browsers: nothing from elsewhere, in no frame, no guessing of types.</summary>
internal static class SecurityHeaders
{
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'{0}; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    public static void Write(HttpContext http, bool isPage, string? nonce = null)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.ContentSecurityPolicy = isPage ? PagePolicy.Replace("{0}", nonce is null ? "" : $" 'nonce-{nonce}'", StringComparison.Ordinal) : DataPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (!isPage)
            headers.CacheControl = "no-store";
    }
}
