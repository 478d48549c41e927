using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Mlops.Client;
using Mlops.Drivers;
using Mlops.Hosting;
using Mlops.Store.AdHoc;
using Mlops.Workflows;

namespace Mlops.Web.Rest;

/// <summary>Makes problems of exceptions. What is nobody's fault but ours becomes 500 and tells nothing.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    /// <summary>Returns the problem, or <see langword="null"/> for an exception that nobody expects.</summary>
    public static Problem? From(Exception exception) => exception switch
    {
        ProblemException p => Make(p.Status, p.Message, p.Remedy, p.Errors),
        BadHttpRequestException { StatusCode: 413 } => Make(413, "The body is longer than this operation takes.", "Send less at once, or raise Mlops:Web:MaxUpload or Mlops:Web:MaxJson."),
        BadHttpRequestException e => Make(e.StatusCode, e.Message, "Send the request again, complete and as the API document says."),
        JsonException e => Make(400, Describe(e), "Compare the body with the API document at /openapi/v1.json."),
        DriverConfigurationException e => Split(400, e.Message, [.. e.Findings.Select(f => $"{f.Setting}: {f.Message}")]),
        NodeConfigurationException e => Make(400, "The configuration was not taken over.", "Mend what is listed and send it again; nothing was changed.", e.Errors),
        AssetConflictException e => Split(e.Version == 0 ? 404 : 409, e.Message),
        AssetAccessException e => Split(Status(e.Failure), e.Message),
        SqlQueryException e => Split(e.Fault == SqlFault.Refused ? 403 : 400, e.Message),
        WorkflowException e => FromWorkflow(e),
        ArgumentException e => Split(400, WithoutParameter(e)),
        ObjectDisposedException => Make(503, "The node is stopping.", "Try again when it has started."),
        IOException e => Split(503, e.Message),
        _ => null,
    };

    public static Problem Unexpected(string traceId) =>
        new(Title(500), 500, "The node could not do this, for a reason that is in its log.", $"Look for {traceId} in the log, and report it.", TraceId: traceId);

    public static async Task WriteAsync(HttpContext http, Problem problem)
    {
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = ContentType;
        http.Response.Headers.CacheControl = "no-store";
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(problem, MlopsJson.Of<Problem>());
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
    }

    public static Problem Make(int status, string detail, string remedy, IReadOnlyList<string>? errors = null) =>
        new(Title(status), status, detail, remedy, errors is { Count: > 0 } ? errors : null);

    /// <summary>Our messages end with the remedy; a problem has it apart.</summary>
    private static Problem Split(int status, string message, IReadOnlyList<string>? errors = null)
    {
        int end = message.Contains('\n', StringComparison.Ordinal) ? -1 : message.TrimEnd().LastIndexOf(". ", StringComparison.Ordinal);
        return end < 0
            ? Make(status, message, "Correct what the detail names and send the request again.", errors)
            : Make(status, message[..(end + 1)], message[(end + 2)..].Trim(), errors);
    }

    private static Problem FromWorkflow(WorkflowException e)
    {
        string[] lines = e.Message.Split('\n');
        return lines.Length == 1
            ? Split(e.IsConflict ? 409 : 400, e.Message)
            : Make(400, lines[0], "Mend what is listed and send it again.", [.. lines.Skip(1)]);
    }

    private static string WithoutParameter(ArgumentException e)
    {
        string suffix = $" (Parameter '{e.ParamName}')";
        return e.ParamName is not null && e.Message.EndsWith(suffix, StringComparison.Ordinal) ? e.Message[..^suffix.Length] : e.Message;
    }

    // Names of our classes tell a caller nothing.
    private static string Describe(JsonException e)
    {
        string message = e.Message;
        int path = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (path >= 0)
            message = message[..path];
        if (message.StartsWith("JSON deserialization for type", StringComparison.Ordinal) && message.IndexOf("including: ", StringComparison.Ordinal) is > 0 and var names)
            message = $"These members are missing: {message[(names + 11)..]}";
        else if (message.StartsWith("The JSON value could not be converted to", StringComparison.Ordinal))
            message = "The value has another type than expected.";
        return $"The body is not what is expected{(e.Path is { Length: > 1 } at ? $" at {at}" : "")}: {message}";
    }

    private static int Status(AssetAccessFailure failure) => failure switch
    {
        AssetAccessFailure.NoSuchAsset or AssetAccessFailure.NoSuchKind => 404,
        AssetAccessFailure.NotRunning => 409,
        AssetAccessFailure.NotSupported => 409,
        AssetAccessFailure.BadRequest => 400,
        AssetAccessFailure.TimedOut => 504,
        _ => 502,
    };

    private static string Title(int status) => status switch
    {
        400 => "The request is not valid",
        401 => "Sign in first",
        403 => "Not allowed",
        404 => "Not found",
        408 => "Too slow",
        409 => "In conflict with what is there",
        412 => "Changed meanwhile",
        413 => "Too large",
        429 => "Too many requests",
        500 => "The node failed",
        503 => "Not possible now",
        _ => ReasonPhrases.GetReasonPhrase(status),
    };
}
