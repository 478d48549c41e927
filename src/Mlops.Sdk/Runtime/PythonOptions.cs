namespace Mlops.Runtime;

/// <summary>Which Python the node uses, section <c>Mlops:Python</c>.</summary>
public sealed class PythonOptions
{
    /// <summary>Gets or sets the interpreter.</summary>
    /// <value>
    /// A path of an executable, the folder of a virtual environment, or a name to look up on the PATH. Default
    /// <see langword="null"/>: the first one of this machine that imports NumPy.
    /// </value>
    public string? Executable { get; set; }
}
