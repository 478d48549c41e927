namespace Mlops.Client;

/// <summary>A node refused a request.</summary>
public sealed class MlopsException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problem">What the node said.</param>
    public MlopsException(Problem problem)
        : base(Describe(problem)) => Problem = problem;

    /// <summary>Gets what the node said.</summary>
    public Problem Problem { get; }

    /// <summary>Gets the status code of the response.</summary>
    public int Status => Problem.Status;

    private static string Describe(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        string errors = problem.Errors is { Count: > 0 } all ? "\n" + string.Join('\n', all) : "";
        return $"{problem.Title} ({problem.Status}). {problem.Detail} {problem.Remedy}{errors}".TrimEnd();
    }
}
