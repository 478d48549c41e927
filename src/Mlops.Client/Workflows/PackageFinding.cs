namespace Mlops.Client;

/// <summary>One thing that is wrong with a package.</summary>
/// <param name="File">The file, by its path in the package.</param>
/// <param name="Rule">Name of the rule that it breaks; stable.</param>
/// <param name="Problem">What is wrong, with the offending value.</param>
/// <param name="Remedy">What helps.</param>
/// <param name="Line">The line, from 1; <see langword="null"/> when the file as a whole is meant.</param>
public sealed record PackageFinding(string File, string Rule, string Problem, string Remedy, int? Line = null);
