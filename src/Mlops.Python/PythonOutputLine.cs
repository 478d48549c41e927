namespace Mlops.Python;

/// <summary>Holds one line that Python code printed.</summary>
/// <param name="Tag">The tag of the call during which it was printed; empty between calls and for calls without one.</param>
/// <param name="Text">The line without its end.</param>
/// <param name="IsError">Whether it came from sys.stderr.</param>
public readonly record struct PythonOutputLine(string Tag, string Text, bool IsError);
