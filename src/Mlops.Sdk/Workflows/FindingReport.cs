using System.Text;

namespace Mlops.Workflows;

/// <summary>Makes exceptions that tell all findings.</summary>
internal static class FindingReport
{
    // Beyond this nobody reads on, and a hostile package must not make a message of megabytes.
    private const int MaxListed = 100;

    /// <summary>Makes the exception for a package.</summary>
    public static WorkflowException ToException(string package, IReadOnlyList<Finding> findings) => ToExceptionOf($"The package '{package}' was not installed", findings);

    /// <summary>Makes the exception for anything.</summary>
    /// <param name="subject">What was not done to what.</param>
    /// <param name="findings">What is wrong with it.</param>
    public static WorkflowException ToExceptionOf(string subject, IReadOnlyList<Finding> findings)
    {
        var text = new StringBuilder($"{subject}; {(findings.Count == 1 ? "there is 1 finding" : $"there are {findings.Count} findings")}:");
        foreach (Finding finding in findings.Take(MaxListed))
            text.Append('\n').Append(finding);
        if (findings.Count > MaxListed)
            text.Append('\n').Append($"and {findings.Count - MaxListed} more.");
        return new WorkflowException(text.ToString()) { Findings = [.. findings.Take(MaxListed)] };
    }
}
