using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Web.Security;

namespace Mlops.Web.Rest;

/// <summary>One request to an operation, by a caller who may make it.</summary>
internal sealed class Call(HttpContext http, Operation operation, Caller caller)
{
    private const int MaxPage = 10_000;
    private byte[]? _body;

    public HttpContext Http => http;

    public Operation Operation => operation;

    public Caller Caller => caller;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Gets who is named as the author of what this request does.</summary>
    public string Author => caller.Name;

    /// <summary>Gets the place under which everything is mapped, for links.</summary>
    public string Base { get; init; } = "/api/v1";

    public string Route(string name) => (string)http.GetRouteValue(name)!;

    /// <summary>Returns a service of a room.</summary>
    /// <exception cref="ProblemException">The host has no such room.</exception>
    public T Service<T>()
        where T : class => http.RequestServices.GetService<T>() ?? throw new ProblemException(
            501, $"This node has nothing that answers '{operation.Id}'.", "Add the room to its host: AddMlops adds all.");

    public string? Text(string name) => http.Request.Query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    public IReadOnlyList<string>? Texts(string name) =>
        http.Request.Query.TryGetValue(name, out var value) ? [.. value.SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))] : null;

    public long? Integer(string name, long minimum, long maximum)
    {
        if (Text(name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= minimum && value <= maximum
            ? value
            : throw ProblemException.Invalid($"The parameter '{name}' is '{Cut(text)}'.", string.Create(CultureInfo.InvariantCulture, $"Give a whole number from {minimum} to {maximum}."));
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : throw ProblemException.Invalid($"The parameter '{name}' is '{Cut(text)}', which is no time.", "Write it like 2024-05-01T12:00:00Z.");
    }

    public string Choice(string name, string otherwise, params ReadOnlySpan<string> choices)
    {
        string value = Text(name) ?? otherwise;
        return choices.Contains(value) ? value
            : throw ProblemException.Invalid($"The parameter '{name}' is '{Cut(value)}'.", $"Choose one of: {string.Join(", ", choices!)}.");
    }

    /// <summary>Reads the JSON body.</summary>
    /// <exception cref="JsonException">It is not what the contract says.</exception>
    public async Task<T> BodyAsync<T>()
        where T : class
    {
        T body = JsonSerializer.Deserialize(await BodyBytesAsync().ConfigureAwait(false), MlopsJson.Of<T>()) ?? throw new JsonException("There is null where an object is expected.");
        NullElements.Refuse(body, typeof(T));
        return body;
    }

    public async Task<T?> OptionalBodyAsync<T>()
        where T : class => (await BodyBytesAsync().ConfigureAwait(false)).Length == 0 ? null : await BodyAsync<T>().ConfigureAwait(false);

    /// <summary>Reads the whole body, once; the size was limited before.</summary>
    public async Task<byte[]> BodyBytesAsync()
    {
        if (_body is not null)
            return _body;
        using var memory = new MemoryStream();
        await http.Request.Body.CopyToAsync(memory, Aborted).ConfigureAwait(false);
        return _body = memory.ToArray();
    }

    /// <summary>Returns the version that the caller wants to change.</summary>
    /// <returns>From <c>If-Match</c>; <c>0</c> with <c>If-None-Match: *</c>, which means "a new one"; else <see langword="null"/>.</returns>
    public string? ExpectedTag()
    {
        if (http.Request.Headers.IfMatch.ToString() is { Length: > 0 } match && match != "*")
            return match.Trim().Trim('"');
        return http.Request.Headers.IfNoneMatch.ToString() == "*" ? "0" : null;
    }

    /// <summary>Answers with a page of a list; how much there is stands in headers.</summary>
    public Reply Page<T>(IEnumerable<T> all)
    {
        List<T> list = [.. all];
        int limit = (int)(Integer("limit", 1, MaxPage) ?? 1000);
        int offset = (int)(Integer("offset", 0, int.MaxValue) ?? 0);
        IReadOnlyList<T> page = [.. list.Skip(offset).Take(limit)];
        Reply reply = Reply.Json(page);
        reply.Headers["X-Total-Count"] = list.Count.ToString(CultureInfo.InvariantCulture);
        if ((long)offset + limit < list.Count)
        {
            QueryString next = http.Request.Query
                .Where(q => q.Key is not ("limit" or "offset"))
                .Aggregate(QueryString.Empty, (s, q) => s.Add(q.Key, q.Value.ToString()))
                .Add("limit", limit.ToString(CultureInfo.InvariantCulture))
                .Add("offset", (offset + limit).ToString(CultureInfo.InvariantCulture));
            reply.Headers["Link"] = $"<{http.Request.PathBase}{http.Request.Path}{next}>; rel=\"next\"";
        }

        return reply;
    }

    private static string Cut(string text) => text.Length > 100 ? text[..100] + "…" : text;
}
