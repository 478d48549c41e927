namespace Mlops.Python;

/// <summary>Describes a place that was searched for an interpreter and the reason why it was refused.</summary>
/// <param name="Place">The place, for example <c>PATH</c> or <c>MLOPS_PYTHON</c>.</param>
/// <param name="Executable">The executable or folder tried; empty when the place names none.</param>
/// <param name="Version">The version, or <see langword="null"/> when the candidate did not get as far as telling it.</param>
/// <param name="Reason">The reason for the refusal.</param>
public sealed record PythonCandidate(string Place, string Executable, Version? Version, string Reason)
{
    /// <summary>Returns the place, the executable and the reason on one line.</summary>
    /// <returns>A text for messages.</returns>
    public override string ToString()
    {
        var version = Version is null ? "" : $" (Python {Version})";
        return Executable.Length == 0 ? $"{Place}: {Reason}" : $"{Place}: {Executable}{version}: {Reason}";
    }
}
