namespace Mlops.Python;

/// <summary>Says which Python interpreter is wanted and what it must be able to do.</summary>
public sealed class PythonLocatorOptions
{
    /// <summary>Gets or sets the interpreter to use.</summary>
    /// <value>
    /// A path of an executable, the folder of a virtual environment, or a name to look up on the PATH. When it is set, no other place
    /// is searched: an interpreter asked for by name is never replaced by another one. The default is <see langword="null"/>: search.
    /// </value>
    public string? Executable { get; set; }

    /// <summary>Gets the modules that the interpreter has to import, for example <c>numpy</c>.</summary>
    /// <value>Empty by default: every interpreter of a supported version counts.</value>
    public IList<string> RequiredModules { get; } = [];

    /// <summary>Gets or sets whether the shared library (libpython) is needed to run the interpreter in this process.</summary>
    /// <value><see langword="true"/> by default. <see langword="false"/> is enough to start the executable as a child process.</value>
    public bool RequireLibrary { get; set; } = true;

    /// <summary>Gets or sets how long one interpreter may take to answer, the import of the required modules included.</summary>
    /// <value>30 seconds by default.</value>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
