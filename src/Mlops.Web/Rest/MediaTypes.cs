using System.Buffers;

namespace Mlops.Web.Rest;

/// <summary>What content from outside may call itself.</summary>
internal static class MediaTypes
{
    public const string Bytes = "application/octet-stream";
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+");

    public static bool IsSound(string type) =>
        type.Length <= 100 && type.Split('/') is [{ Length: > 0 } kind, { Length: > 0 } name] && !kind.AsSpan().ContainsAnyExcept(Allowed) && !name.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>Returns the type with which content goes to browsers: what calls itself an image and is none must not become a page.</summary>
    public static string ForBrowsers(string type) =>
        IsSound(type) && type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) && !type.Contains("svg", StringComparison.OrdinalIgnoreCase) ? type : Bytes;
}
