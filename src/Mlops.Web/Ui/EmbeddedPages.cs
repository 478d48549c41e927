using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Mlops.Web.Security;

namespace Mlops.Web.Ui;

/// <summary>
/// The files that pages load, embedded in this assembly under <c>ui/</c>. A file may stand there in compressed form as well, as
/// <c>name.br</c> or <c>name.gz</c>; browsers that take it get that one.
/// </summary>
internal sealed class EmbeddedPages
{
    private const string Root = "ui/";
    private static readonly (string Suffix, string Encoding)[] Encodings = [(".br", "br"), (".gz", "gzip")];
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly FrozenDictionary<string, Page> _pages;

    public EmbeddedPages()
    {
        Assembly assembly = typeof(EmbeddedPages).Assembly;
        Dictionary<string, string> resources = assembly.GetManifestResourceNames()
            .Where(n => n.Replace('\\', '/').StartsWith(Root, StringComparison.Ordinal))
            .ToDictionary(n => n.Replace('\\', '/')[Root.Length..], StringComparer.Ordinal);
        _pages = resources.Keys
            .Where(n => n != StartPage.File && !Encodings.Any(e => n.EndsWith(e.Suffix, StringComparison.Ordinal)))
            .ToFrozenDictionary(n => n, n => new Page(assembly, n, resources), StringComparer.Ordinal);
    }

    /// <summary>Gets the paths of the files, for example <c>favicon.svg</c>.</summary>
    public IEnumerable<string> Paths => _pages.Keys;

    public Task WriteAsync(HttpContext http, string path) => _pages[path].WriteAsync(http);

    private sealed class Page
    {
        private readonly (byte[] Content, string? Encoding)[] _forms;
        private readonly string _type;
        private readonly string _tag;
        private readonly bool _isFixed;

        public Page(Assembly assembly, string name, Dictionary<string, string> resources)
        {
            byte[] plain = Read(assembly, resources[name]);
            _type = Types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream");
            _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 8))}\"";
            // The build writes a hash into the names of these.
            _isFixed = name.StartsWith("static/", StringComparison.Ordinal);
            _forms =
            [
                .. Encodings.Where(e => resources.ContainsKey(name + e.Suffix)).Select(e => (Read(assembly, resources[name + e.Suffix]), (string?)e.Encoding)),
                (plain, null),
            ];
        }

        public async Task WriteAsync(HttpContext http)
        {
            SecurityHeaders.Write(http, isPage: true);
            HttpResponse response = http.Response;
            response.Headers.ETag = _tag;
            response.Headers.CacheControl = _isFixed ? "public, max-age=31536000, immutable" : "no-cache";
            response.Headers.Vary = "Accept-Encoding";
            if (http.Request.Headers.IfNoneMatch.ToString() == _tag)
            {
                response.StatusCode = 304;
                return;
            }

            string accepted = http.Request.Headers.AcceptEncoding.ToString();
            (byte[] content, string? encoding) = _forms.First(f => f.Encoding is null || accepted.Contains(f.Encoding, StringComparison.OrdinalIgnoreCase));
            if (encoding is not null)
                response.Headers.ContentEncoding = encoding;
            response.ContentType = _type;
            response.ContentLength = content.Length;
            if (!HttpMethods.IsHead(http.Request.Method))
                await response.Body.WriteAsync(content, http.RequestAborted).ConfigureAwait(false);
        }

        private static byte[] Read(Assembly assembly, string resource)
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
    }
}
