namespace Mlops.Python;

/// <summary>Is thrown when Python code raises, SystemExit and KeyboardInterrupt included.</summary>
/// <remarks>Holds text only: neither the exception object nor the frames of its traceback are kept alive.</remarks>
public sealed class PythonException : Exception
{
    internal PythonException(string typeName, string pythonMessage, string traceback, string? fileName, int lineNumber)
        : base(pythonMessage.Length == 0 ? typeName : $"{typeName}: {pythonMessage}")
    {
        TypeName = typeName;
        PythonMessage = pythonMessage;
        PythonTraceback = traceback;
        FileName = fileName;
        LineNumber = lineNumber;
    }

    /// <summary>Gets the type, for example <c>ValueError</c> or <c>sklearn.exceptions.NotFittedError</c>.</summary>
    public string TypeName { get; }

    /// <summary>Gets <c>str()</c> of the exception, cut at 4,000 characters.</summary>
    public string PythonMessage { get; }

    /// <summary>Gets the traceback as Python prints it, with causes and contexts, cut in the middle at 60,000 characters.</summary>
    public string PythonTraceback { get; }

    /// <summary>Gets the file in which it was raised; for a syntax error the file that could not be compiled.</summary>
    public string? FileName { get; }

    /// <summary>Gets the line in <see cref="FileName"/>, from 1; 0 when it is not known.</summary>
    public int LineNumber { get; }

    /// <summary>Returns the Python traceback followed by the .NET one.</summary>
    /// <returns>A text of many lines.</returns>
    public override string ToString() => $"{PythonTraceback.TrimEnd()}\n --- raised to .NET ---\n{base.ToString()}";
}
