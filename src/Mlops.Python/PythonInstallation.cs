namespace Mlops.Python;

/// <summary>Describes an interpreter that exists on this machine. Immutable.</summary>
public sealed record PythonInstallation
{
    /// <summary>Gets the absolute path of the interpreter, as it calls itself; in a virtual environment the one in it.</summary>
    public required string Executable { get; init; }

    /// <summary>Gets the absolute path of the shared library, or <see langword="null"/> when this interpreter has none.</summary>
    public string? LibraryPath { get; init; }

    /// <summary>Gets the version, for example 3.11.2.</summary>
    public required Version Version { get; init; }

    /// <summary>Gets the folder that holds the installed packages' <c>lib</c> folder; for a virtual environment its folder.</summary>
    public required string Prefix { get; init; }

    /// <summary>Gets the folder of the interpreter below a virtual environment; the same as <see cref="Prefix"/> outside one.</summary>
    public required string BasePrefix { get; init; }

    /// <summary>Gets the module search path of the interpreter without the working directory.</summary>
    public IReadOnlyList<string> SearchPath { get; init; } = [];

    /// <summary>Gets the place in which it was found, for example <c>PATH</c>.</summary>
    public string Place { get; init; } = "";

    /// <summary>Gets whether the interpreter belongs to a virtual environment.</summary>
    public bool IsVirtualEnvironment => !string.Equals(Prefix, BasePrefix, StringComparison.Ordinal);

    /// <summary>Returns version and executable, for example <c>Python 3.11.2 (/usr/bin/python3)</c>.</summary>
    /// <returns>A text for messages.</returns>
    public override string ToString() => $"Python {Version} ({Executable})";
}
