using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Mlops.Store;
using Mlops.Web.Security;

namespace Mlops.Web.Rest;

/// <summary>
/// Remembers the answers to requests that carry <c>Idempotency-Key</c>, so that a request that is sent again does nothing twice. The
/// answer is durable before it is sent; only a crash between the deed and that moment lets a repetition do it again.
/// </summary>
internal sealed class AnsweredRequests(NodeDatabase database, IOptions<WebOptions> options, TimeProvider time)
{
    public const string Header = "Idempotency-Key";
    private const int MaxKey = 200;
    private const int MaxBody = 1 << 20;
    private readonly ConcurrentDictionary<string, bool> _running = new(StringComparer.Ordinal);

    /// <summary>Does a request, or returns what it was answered before.</summary>
    /// <exception cref="ProblemException">The key is of no use, belongs to another request, or its request runs at this moment.</exception>
    public async Task<Reply> RunAsync(Call call)
    {
        string key = call.Http.Request.Headers[Header].ToString();
        if (key.Length == 0 || !HttpMethods.IsPost(call.Operation.Method) || call.Operation.IsSecret)
            return await call.Operation.Run(call).ConfigureAwait(false);
        if (key.Length > MaxKey)
            throw ProblemException.Invalid($"The {Header} has {key.Length} characters.", $"Use up to {MaxKey}, for example a UUID.");
        string own = Secrets.Hash($"{call.Caller.How}\n{call.Caller.Name}\n{key}");
        string fingerprint = await FingerprintAsync(call).ConfigureAwait(false);
        if (!_running.TryAdd(own, true))
            throw new ProblemException(409, "A request with this idempotency key runs at this moment.", "Wait for its answer, or send this one again a little later.") { RetryAfter = TimeSpan.FromSeconds(1) };
        try
        {
            if (Find(own, fingerprint) is { } before)
                return before;
            Reply reply = await call.Operation.Run(call).ConfigureAwait(false);
            if (reply.Stream is null && reply.Body.Length <= MaxBody)
                await KeepAsync(own, fingerprint, reply).ConfigureAwait(false);
            return reply;
        }
        finally
        {
            _running.TryRemove(own, out _);
        }
    }

    // Long uploads are told apart by place and length alone: they are not kept in memory.
    private static async Task<string> FingerprintAsync(Call call)
    {
        HttpRequest request = call.Http.Request;
        string body = call.Operation.IsUpload && request.ContentType?.StartsWith(Operation.Json, StringComparison.OrdinalIgnoreCase) != true
            ? $"{request.ContentLength}"
            : Convert.ToHexString(SHA256.HashData(await call.BodyBytesAsync().ConfigureAwait(false)));
        return Secrets.Hash($"{call.Operation.Id}\n{request.Path}{request.QueryString}\n{body}");
    }

    private Reply? Find(string key, string fingerprint)
    {
        (string Fingerprint, Reply Reply)? kept = database.Read(db => db.Rows(
            "SELECT fingerprint, status, location, body FROM answered_request WHERE key = $key AND at > $oldest",
            r => ((string, Reply)?)(r.GetString(0), Repeat(r.GetInt32(1), r.IsDBNull(2) ? null : r.GetString(2), r.IsDBNull(3) ? null : r.GetFieldValue<byte[]>(3))),
            ("$key", key), ("$oldest", Oldest)).FirstOrDefault());
        if (kept is not { } found)
            return null;
        return found.Fingerprint == fingerprint ? found.Reply
            : throw new ProblemException(409, "The idempotency key belongs to another request.", "Give every request a key of its own, and the same key only to its repetitions.");
    }

    private static Reply Repeat(int status, string? location, byte[]? body)
    {
        Dictionary<string, string> headers = new() { ["Idempotency-Replayed"] = "true" };
        return body is null ? Reply.None(status).With(location, headers) : Reply.Bytes(body, "application/json; charset=utf-8", status).With(location, headers);
    }

    private Task KeepAsync(string key, string fingerprint, Reply reply) => database.WriteAsync(db =>
    {
        db.Run("DELETE FROM answered_request WHERE at <= $oldest", ("$oldest", Oldest));
        db.Run(
            "INSERT OR REPLACE INTO answered_request (key, fingerprint, status, location, body, at) VALUES ($key, $fingerprint, $status, $location, $body, $at)",
            ("$key", key), ("$fingerprint", fingerprint), ("$status", (long)reply.Status), ("$location", reply.Location),
            ("$body", reply.Body.IsEmpty ? null : reply.Body.ToArray()), ("$at", time.GetUtcNow().ToUnixTimeMilliseconds()));
    });

    private long Oldest => (time.GetUtcNow() - options.Value.RememberAnswers).ToUnixTimeMilliseconds();
}
