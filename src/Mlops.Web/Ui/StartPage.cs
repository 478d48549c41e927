using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mlops.Web.Rest;
using Mlops.Web.Security;

namespace Mlops.Web.Ui;

/// <summary>
/// The one HTML document. All pages are in it, so it also answers links that lead deeper. It is made for each request: it holds the
/// place where the host has mapped it, and a number used once that style elements made by the pages have to know.
/// </summary>
internal sealed class StartPage
{
    public const string File = "index.html";
    private readonly string _html;

    public StartPage()
    {
        Assembly assembly = typeof(StartPage).Assembly;
        using var html = new StreamReader(assembly.GetManifestResourceStream("ui/" + File)!);
        _html = html.ReadToEnd();
        using Stream pages = assembly.GetManifestResourceStream("pages.json")!;
        Paths = JsonSerializer.Deserialize<string[]>(pages)!;
    }

    /// <summary>Gets the first parts of paths that are pages, for example <c>assets</c>.</summary>
    public IReadOnlyList<string> Paths { get; }

    public Task WriteAsync(HttpContext http, string prefix)
    {
        string accepted = http.Request.Headers.Accept.ToString();
        http.Response.Headers.Vary = "Accept";
        if (accepted.Length > 0 && !accepted.Contains("text/html", StringComparison.OrdinalIgnoreCase) && !accepted.Contains("*/*", StringComparison.Ordinal))
            return RequestPipeline.RefuseUnknownAsync(http, []);
        string nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        string place = HtmlEncoder.Default.Encode($"{http.Request.PathBase}{prefix}");
        byte[] content = Encoding.UTF8.GetBytes(_html
            .Replace("%place%", place, StringComparison.Ordinal)
            .Replace("%nonce%", nonce, StringComparison.Ordinal)
            .Replace("=\"./", $"=\"{place}/", StringComparison.Ordinal));
        SecurityHeaders.Write(http, isPage: true, nonce);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = content.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(content, http.RequestAborted).AsTask();
    }
}
