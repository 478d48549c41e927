namespace Mlops.Benchmarks.Harness;

/// <summary>One question with two answers: ours and that of a named baseline.</summary>
internal interface IScenario
{
    /// <summary>Gets the name, also of the files.</summary>
    string Name { get; }

    string Title { get; }

    /// <summary>Gets what is measured, against what, and what speaks for or against the comparison.</summary>
    string Method { get; }

    Task RunAsync(Comparison comparison, CancellationToken stop);
}
