using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Client;
using Mlops.Web.Monitoring;
using Mlops.Web.Security;

namespace Mlops.Web.Rest;

/// <summary>What every request goes through: who, how much, of which type, was it answered before; then the operation; then the audit log.</summary>
internal sealed class RequestPipeline(AccessGate gate, AnsweredRequests answered, AuditLog audit, IOptions<WebOptions> options, ILogger<RequestPipeline> logger)
{
    public async Task RunAsync(HttpContext http, Operation operation, Roles allowed, string prefix)
    {
        SecurityHeaders.Write(http, isPage: false);
        Caller caller = Caller.Nobody;
        using Activity? activity = WebTracing.Begin(operation);
        try
        {
            caller = gate.Admit(http, allowed, operation);
            LimitBody(http, operation);
            CheckType(http, operation);
            var call = new Call(http, operation, caller) { Base = $"{http.Request.PathBase}{prefix}/api/v1" };
            Reply reply = await answered.RunAsync(call).ConfigureAwait(false);
            // Before it is answered: what a caller was told of is in the log.
            await AuditAsync(http, operation, caller, reply.Status).ConfigureAwait(false);
            await reply.WriteAsync(http).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone.
        }
        catch (Exception e)
        {
            await RefuseAsync(http, operation, caller, e).ConfigureAwait(false);
        }

        WebTracing.Tell(activity, caller, http.Response.StatusCode);
    }

    /// <summary>Refuses a path or method that no operation has.</summary>
    public static async Task RefuseUnknownAsync(HttpContext http, IReadOnlyList<string> methods)
    {
        SecurityHeaders.Write(http, isPage: false);
        if (methods.Count > 0)
            http.Response.Headers.Allow = string.Join(", ", methods);
        await Problems.WriteAsync(http, methods.Count > 0
            ? Problems.Make(405, $"{http.Request.Method} is not possible here.", $"Use {string.Join(" or ", methods)}.")
            : Problems.Make(404, "There is nothing at this path.", "Look into the API document at /openapi/v1.json.")).ConfigureAwait(false);
    }

    private async Task RefuseAsync(HttpContext http, Operation operation, Caller caller, Exception exception)
    {
        Problem? problem = Problems.From(exception);
        if (problem is null)
        {
            Log.Failed(logger, operation.Id, http.TraceIdentifier, exception);
            problem = Problems.Unexpected(http.TraceIdentifier);
        }

        if (caller.Role != Roles.None || problem.Status == 403)
            await AuditAsync(http, operation, caller, problem.Status).ConfigureAwait(false);
        if (http.Response.HasStarted)
        {
            // Half of an answer must not look whole.
            http.Abort();
            return;
        }

        // The server takes what still comes of a body for a few seconds, however much: a connection that is closed amid a body takes the answer
        // with it. One whose body could not be read to its end is closed, and who keeps it for another request is told.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        else if (exception is BadHttpRequestException && HttpProtocol.IsHttp11(http.Request.Protocol))
            http.Response.Headers.Connection = "close";

        // What was said of the answer that did not come about.
        foreach (string header in (string[])["Content-Disposition", "ETag", "Location", "Content-Length", "Link"])
            http.Response.Headers.Remove(header);
        if (problem.Status == 401)
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"mlops\"";
        if (exception is ProblemException { RetryAfter: { } wait })
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        try
        {
            await Problems.WriteAsync(http, problem).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The caller is gone.
        }
    }

    private void LimitBody(HttpContext http, Operation operation)
    {
        bool isJson = http.Request.ContentType?.StartsWith(Operation.Json, StringComparison.OrdinalIgnoreCase) == true;
        long most = operation.BodyTypes.Count == 0 ? 0 : operation.IsUpload && !isJson ? options.Value.MaxUpload.Bytes : options.Value.MaxJson.Bytes;
        if (http.Request.ContentLength > most)
        {
            throw most == 0
                ? ProblemException.Invalid("This operation takes no body.", "Send it without one.")
                : new ProblemException(413, string.Create(CultureInfo.InvariantCulture, $"The body has {http.Request.ContentLength} bytes; this operation takes {most}."), "Send less at once, or raise Mlops:Web:MaxUpload or Mlops:Web:MaxJson.");
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Math.Max(1, most);
        if (most > 0)
        {
            var body = new TimedBody(http.Request.Body, operation.IsUpload && !isJson ? options.Value.UploadTimeout : options.Value.JsonTimeout);
            http.Response.RegisterForDispose(body);
            http.Request.Body = body;
        }
    }

    private static void CheckType(HttpContext http, Operation operation)
    {
        HttpRequest request = http.Request;
        if (operation.BodyTypes.Count == 0 || (operation.BodyIsOptional && !HasBody(request)))
            return;
        string type = request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!operation.BodyTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
            throw new ProblemException(415, type.Length == 0 ? "The request does not say of which type its body is." : $"The body is '{(type.Length > 100 ? type[..100] : type)}'.", $"Send it with the header Content-Type: {string.Join(" or ", operation.BodyTypes)}.");
    }

    private static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0 || (request.ContentLength is null && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true);

    private async Task AuditAsync(HttpContext http, Operation operation, Caller caller, int status)
    {
        if (!operation.IsAudited)
            return;
        try
        {
            string who = http.Items.TryGetValue(nameof(SignIn), out object? tried) && tried is string name ? name : caller.Name;
            await audit.WriteAsync(caller, who, operation.Id, http.Request.Path.Value ?? "", status, http.Connection.RemoteIpAddress).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Log.NotAudited(logger, operation.Id, e.Message);
        }
    }
}
