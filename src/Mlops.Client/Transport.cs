using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Mlops.Client;

/// <summary>Sends requests and reads answers; what a node refuses becomes an <see cref="MlopsException"/>.</summary>
internal sealed class Transport(HttpClient http)
{
    private const int Page = 1000;
    private const string Api = "api/v1/";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets what requests that change something must bring when signed in by cookie.</summary>
    public string? Csrf { get; set; }

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync<T>(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a whole list, page by page.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        while (true)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={Page}&offset={all.Count}");
            using HttpResponseMessage response = await SendAsync(HttpMethod.Get, place, null, null, cancellationToken).ConfigureAwait(false);
            all.AddRange(await ReadAsync<IReadOnlyList<T>>(response, cancellationToken).ConfigureAwait(false));
            if (!response.Headers.Contains("Link"))
                return all;
        }
    }

    public async Task<TAnswer> SendAsync<TBody, TAnswer>(HttpMethod method, string path, TBody body, string? tag = null, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(method, path, Json(body), tag, cancellationToken).ConfigureAwait(false);
        return await ReadAsync<TAnswer>(response, cancellationToken).ConfigureAwait(false);
    }

    public async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(method, path, content, null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync<T>(response, cancellationToken).ConfigureAwait(false);
    }

    public async Task<string> GetTextAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, null, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task CopyAsync(string path, Stream target, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, null, cancellationToken).ConfigureAwait(false);
        await response.Content.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks again until something has ended.</summary>
    public async Task<T> WaitAsync<T>(string path, Func<T, bool> runs, CancellationToken cancellationToken)
    {
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LastPause ? pause * 2 : LastPause)
        {
            T status = await GetAsync<T>(path, cancellationToken).ConfigureAwait(false);
            if (!runs(status))
                return status;
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<SessionDetails> SignInAsync(SignIn signIn, CancellationToken cancellationToken) =>
        RememberAsync(SendAsync<SignIn, SessionDetails>(HttpMethod.Post, "session", signIn, cancellationToken: cancellationToken));

    public Task<SessionDetails> ChangePasswordAsync(PasswordChange change, CancellationToken cancellationToken) =>
        RememberAsync(SendAsync<PasswordChange, SessionDetails>(HttpMethod.Put, "session/password", change, cancellationToken: cancellationToken));

    private async Task<SessionDetails> RememberAsync(Task<SessionDetails> begun)
    {
        SessionDetails session = await begun.ConfigureAwait(false);
        Csrf = session.Csrf;
        return session;
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken, string? tag = null) =>
        (await SendAsync(HttpMethod.Delete, path, null, tag, cancellationToken).ConfigureAwait(false)).Dispose();

    /// <summary>Sends a request; the caller disposes the response, of which only the headers have come.</summary>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, string? tag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path[1..] : Api + path) { Content = content };
        if (method == HttpMethod.Post)
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("n"));
        if (tag is not null)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{tag}\""));
        if (Csrf is not null && method != HttpMethod.Get)
            request.Headers.Add("X-Mlops-Csrf", Csrf);
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new MlopsException(await ReadProblemAsync(response, cancellationToken).ConfigureAwait(false));
    }

    public static ByteArrayContent Json<T>(T body)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, MlopsJson.Of<T>()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public static StreamContent File(Stream stream, string type)
    {
        var content = new StreamContent(stream);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
            return await JsonSerializer.DeserializeAsync(stream, MlopsJson.Of<T>(), cancellationToken).ConfigureAwait(false) ?? throw new JsonException("The node answered null.");
    }

    private static async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync<Problem>(response, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            // Something between us and the node answered.
            return new Problem(response.ReasonPhrase ?? "Refused", (int)response.StatusCode);
        }
    }
}
