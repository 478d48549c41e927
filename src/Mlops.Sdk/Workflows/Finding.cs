using System.Text;

namespace Mlops.Workflows;

/// <summary>One thing that is wrong with a package.</summary>
/// <param name="File">The file, by its path in the package.</param>
/// <param name="Line">The line from 1; <see langword="null"/> when the file as a whole is meant.</param>
/// <param name="Rule">Name of the rule that it breaks; stable.</param>
/// <param name="Problem">What is wrong, with the offending value.</param>
/// <param name="Remedy">What helps.</param>
internal sealed record Finding(string File, int? Line, string Rule, string Problem, string Remedy)
{
    // Beyond this nobody reads on, and a hostile package must not make a message of megabytes.
    private const int MaxListed = 100;

    public override string ToString() => $"{File}{(Line is { } line ? $":{line}" : "")}: {Rule}: {Problem} {Remedy}";

    /// <summary>Makes the exception that tells all findings.</summary>
    public static WorkflowException ToException(string package, IReadOnlyList<Finding> findings) => ToExceptionOf($"The package '{package}' was not installed", findings);

    /// <summary>Makes the exception that tells all findings.</summary>
    /// <param name="subject">What was not done to what.</param>
    /// <param name="findings">What is wrong with it.</param>
    public static WorkflowException ToExceptionOf(string subject, IReadOnlyList<Finding> findings)
    {
        var text = new StringBuilder($"{subject}; {(findings.Count == 1 ? "there is 1 finding" : $"there are {findings.Count} findings")}:");
        foreach (Finding finding in findings.Take(MaxListed))
            text.Append('\n').Append(finding);
        if (findings.Count > MaxListed)
            text.Append('\n').Append($"and {findings.Count - MaxListed} more.");
        return new WorkflowException(text.ToString());
    }
}
