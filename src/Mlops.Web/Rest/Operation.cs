using Microsoft.AspNetCore.Http;

namespace Mlops.Web.Rest;

/// <summary>
/// One operation of the REST interface: routes, checks of access and size, the API document and tests are all made of these.
/// </summary>
internal sealed record Operation(string Id, string Tag, string Method, string Path, string Summary, Func<Call, Task<Reply>> Run)
{
    public const string Json = "application/json";
    private static readonly QueryParameter Limit = new("limit", "integer", "How many at most, 1 to 10,000; 1,000 where nothing is said.");
    private static readonly QueryParameter Offset = new("offset", "integer", "How many are passed over.");

    public IReadOnlyList<QueryParameter> Query { get; private init; } = [];

    /// <summary>Gets the contract of the JSON body; <see langword="null"/> when the body is none.</summary>
    public Type? Body { get; private init; }

    /// <summary>Gets the media types of the body; none when there is no body.</summary>
    public IReadOnlyList<string> BodyTypes { get; private init; } = [];

    /// <summary>Gets a value indicating whether the body may be as long as an upload.</summary>
    public bool IsUpload { get; private init; }

    /// <summary>Gets a value indicating whether the body may be left out.</summary>
    public bool BodyIsOptional { get; private init; }

    public Type? Answer { get; private init; }

    public IReadOnlyList<string> AnswerTypes { get; private init; } = [Json];

    public int Success { get; private init; } = 200;

    public bool IsTagged { get; private init; }

    /// <summary>Gets a value indicating whether it is written to the audit log.</summary>
    public bool IsAudited { get; private init; } = !HttpMethods.IsGet(Method);

    /// <summary>Gets a value indicating whether the answer holds a secret, which is kept nowhere.</summary>
    public bool IsSecret { get; private init; }

    /// <summary>Gets a value indicating whether the path stands beside <c>/api/v1</c>.</summary>
    public bool AtRoot { get; private init; }

    /// <summary>Gets the path below the place where everything is mapped.</summary>
    public string FullPath => AtRoot ? Path : "/api/v1" + Path;

    /// <summary>Gets the statuses, beside those that any operation can have, with which it refuses.</summary>
    public IReadOnlyList<int> Refusals { get; private init; } = [];

    public bool IsChange => !HttpMethods.IsGet(Method);

    /// <summary>Gets a value indicating whether it begins a session, whatever session the browser may have.</summary>
    public bool IsSignIn => Id == "signIn";

    public static Operation Get(string id, string tag, string path, string summary, Func<Call, Task<Reply>> run) => new(id, tag, "GET", path, summary, run);

    public static Operation Get(string id, string tag, string path, string summary, Func<Call, Reply> run) => Get(id, tag, path, summary, c => Task.FromResult(run(c)));

    public static Operation Post(string id, string tag, string path, string summary, Func<Call, Task<Reply>> run) => new(id, tag, "POST", path, summary, run);

    public static Operation Put(string id, string tag, string path, string summary, Func<Call, Task<Reply>> run) => new(id, tag, "PUT", path, summary, run);

    public static Operation Patch(string id, string tag, string path, string summary, Func<Call, Task<Reply>> run) => new(id, tag, "PATCH", path, summary, run);

    public static Operation Delete(string id, string tag, string path, string summary, Func<Call, Task<Reply>> run) =>
        new(id, tag, "DELETE", path, summary, run) { Success = 204 };

    public Operation Returns<T>(int status = 200) => this with { Answer = typeof(T), Success = status };

    public Operation Returns(int status, params string[] types) => this with { Success = status, AnswerTypes = types };

    public Operation Takes<T>() => this with { Body = typeof(T), BodyTypes = [Json] };

    public Operation TakesOptional<T>() => this with { Body = typeof(T), BodyTypes = [Json], BodyIsOptional = true };

    /// <summary>Takes files of some media types, and JSON besides when a contract was named before.</summary>
    public Operation Uploads(params string[] types) => this with { BodyTypes = [.. BodyTypes, .. types], IsUpload = true };

    public Operation Takes(params QueryParameter[] query) => this with { Query = [.. Query, .. query] };

    public Operation Paged() => Takes(Limit, Offset);

    public Operation Tagged() => this with { IsTagged = true };

    public Operation NotAudited() => this with { IsAudited = false };

    public Operation Secret() => this with { IsSecret = true };

    public Operation Root() => this with { AtRoot = true };

    public Operation Refuses(params int[] statuses) => this with { Refusals = [.. Refusals, .. statuses] };
}
