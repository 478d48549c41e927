namespace Mlops.Web.Rest;

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(int status, string detail, string remedy) : Exception(detail)
{
    public int Status { get; } = status;

    public string Remedy { get; } = remedy;

    public IReadOnlyList<string>? Errors { get; init; }

    /// <summary>Gets after how long trying again makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ProblemException NotFound(string what, string name, string remedy) => new(404, $"There is no {what} '{name}'.", remedy);

    public static ProblemException Invalid(string detail, string remedy) => new(400, detail, remedy);
}
