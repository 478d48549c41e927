using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mlops.Client;

namespace Mlops.Web.Rest;

/// <summary>What an operation answers: bytes that are there, or something that writes itself.</summary>
internal sealed class Reply
{
    private Reply(int status) => Status = status;

    public int Status { get; }

    public ReadOnlyMemory<byte> Body { get; private init; }

    public string? ContentType { get; private init; }

    public Func<HttpContext, Task>? Stream { get; private init; }

    public string? Location { get; init; }

    /// <summary>Gets the version of what is answered, without quotes.</summary>
    public string? Tag { get; init; }

    public Dictionary<string, string> Headers { get; init; } = [];

    public static Reply Json<T>(T value, int status = 200, string? location = null, string? tag = null) => new(status)
    {
        Body = JsonSerializer.SerializeToUtf8Bytes(value, MlopsJson.Of<T>()),
        ContentType = "application/json; charset=utf-8",
        Location = location,
        Tag = tag,
    };

    public static Reply None(int status = 204) => new(status);

    public static Reply Bytes(ReadOnlyMemory<byte> body, string contentType, int status = 200) => new(status) { Body = body, ContentType = contentType };

    /// <summary>Answers with something that is written while it is made.</summary>
    public static Reply Streamed(string contentType, Func<HttpContext, Task> write) => new(200) { ContentType = contentType, Stream = write };

    /// <summary>Answers with a file for saving, and disposes what keeps it when it was sent.</summary>
    public static Reply File(string contentType, string name, string path, IDisposable? keeper = null)
    {
        Reply reply = Streamed(contentType, async http =>
        {
            using (keeper)
            {
                await using FileStream file = System.IO.File.OpenRead(path);
                http.Response.ContentLength = file.Length;
                await file.CopyToAsync(http.Response.Body, http.RequestAborted).ConfigureAwait(false);
            }
        });
        reply.Headers["Content-Disposition"] = $"attachment; filename=\"{name}\"";
        return reply;
    }

    public Reply With(string? location, Dictionary<string, string> headers) =>
        new(Status) { Body = Body, ContentType = ContentType, Stream = Stream, Location = location, Tag = Tag, Headers = headers };

    public async Task WriteAsync(HttpContext http)
    {
        HttpResponse response = http.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        foreach ((string name, string value) in Headers)
            response.Headers[name] = value;
        if (Location is not null)
            response.Headers.Location = Location;
        if (Tag is not null)
        {
            response.Headers.ETag = $"\"{Tag}\"";
            if (Status == 200 && HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.IfNoneMatch.ToString() == $"\"{Tag}\"")
            {
                response.StatusCode = 304;
                response.ContentType = null;
                return;
            }
        }

        if (Stream is not null)
        {
            await Stream(http).ConfigureAwait(false);
            return;
        }

        if (Status is 204)
            return;
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, http.RequestAborted).ConfigureAwait(false);
    }
}
