namespace Mlops.Python.Locating;

/// <summary>What an interpreter has to be able to do, and the judgement over one that was probed.</summary>
internal sealed record PythonRequirement(IReadOnlyList<string> Modules, bool Library)
{
    public static readonly Version Oldest = new(3, 9);

    /// <summary>Returns why the interpreter does not count, or null when it does.</summary>
    public string? Check(PythonProbe probe)
    {
        if (probe.Report is not { } report)
            return probe.Failure;

        var version = report.ToVersion();
        if (version < Oldest)
            return $"is Python {version}; {Oldest} or later is needed";
        if (report.Implementation != "cpython")
            return $"is {report.Implementation}; CPython is needed";

        var reasons = new List<string>();
        foreach (var (module, error) in report.ImportErrors)
            reasons.Add($"cannot import {module} ({error})");
        if (Library)
            reasons.AddRange(LibraryProblems(report));
        return reasons.Count == 0 ? null : string.Join("; ", reasons);
    }

    public override string ToString()
    {
        var text = $"is {Oldest} or later";
        if (Modules.Count > 0)
            text += $", imports {string.Join(", ", Modules)}";
        return Library ? text + " and has its shared library (libpython)" : text;
    }

    private static IEnumerable<string> LibraryProblems(ProbeReport report)
    {
        if (report.FreeThreaded)
            yield return "is a free-threaded build, whose ABI is not the stable one";
        if (report.Bits != nint.Size * 8)
            yield return $"is a {report.Bits}-bit build, this process has {nint.Size * 8} bits";
        if (report.Library is null)
            yield return $"has no shared library (looked for {string.Join(", ", report.Libraries.Take(3))})";
    }
}
