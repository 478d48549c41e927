namespace Mlops.Python;

/// <summary>Is thrown when no interpreter of this machine can do what is required; the message lists every place tried.</summary>
public sealed class PythonNotFoundException : Exception
{
    internal PythonNotFoundException(string requirement, IReadOnlyList<PythonCandidate> candidates, string remedy)
        : base(Compose(requirement, candidates, remedy))
    {
        Candidates = candidates;
        Remedy = remedy;
    }

    /// <summary>Gets the places tried, in order, with the reason why each was refused.</summary>
    public IReadOnlyList<PythonCandidate> Candidates { get; }

    /// <summary>Gets the one command that helps most likely, for example <c>sudo apt-get install python3-numpy</c>.</summary>
    public string Remedy { get; }

    private static string Compose(string requirement, IReadOnlyList<PythonCandidate> candidates, string remedy)
        => $"No Python was found that {requirement}. Tried:\n"
            + string.Join("\n", candidates.Select(candidate => "  " + candidate))
            + $"\nRun: {remedy}";
}
