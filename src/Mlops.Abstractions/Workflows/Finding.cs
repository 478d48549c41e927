namespace Mlops.Workflows;

/// <summary>One thing that is wrong with a package.</summary>
/// <param name="File">The file, by its path in the package.</param>
/// <param name="Line">The line from 1; <see langword="null"/> when the file as a whole is meant.</param>
/// <param name="Rule">Name of the rule that it breaks; stable.</param>
/// <param name="Problem">What is wrong, with the offending value.</param>
/// <param name="Remedy">What helps.</param>
public sealed record Finding(string File, int? Line, string Rule, string Problem, string Remedy)
{
    /// <summary>Returns the finding in one line.</summary>
    /// <returns>File, line, rule, problem and remedy.</returns>
    public override string ToString() => $"{File}{(Line is { } line ? $":{line}" : "")}: {Rule}: {Problem} {Remedy}";
}
