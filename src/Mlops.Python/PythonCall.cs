using Mlops.Python.Calling;
using Mlops.Python.Native;
using Mlops.Python.Values;

namespace Mlops.Python;

/// <summary>Holds a callable with its arguments, made by <see cref="PythonObject.Bind"/>; calling it makes no garbage in .NET.</summary>
/// <remarks>Usable inside calls on the calling thread, like <see cref="PythonObject"/>.</remarks>
public sealed class PythonCall : IDisposable
{
    private readonly Interpreter _interpreter;
    private readonly PythonObject _callable;
    private readonly PythonObject _arguments;

    internal PythonCall(Interpreter interpreter, PythonObject callable, PythonObject arguments)
    {
        _interpreter = interpreter;
        _callable = callable;
        _arguments = arguments;
    }

    /// <summary>Calls and drops the result.</summary>
    /// <exception cref="PythonException">The called code raised.</exception>
    public void Invoke() => PyObjects.DecRef(New());

    /// <summary>Calls and returns the result as an integer.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">The called code raised, or its result is no integer of 64 bits.</exception>
    public long InvokeInt64()
    {
        var result = New();
        try
        {
            return ValueReader.ReadInt64(_interpreter, result);
        }
        finally
        {
            PyObjects.DecRef(result);
        }
    }

    /// <summary>Calls and returns the result as a number.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">The called code raised, or its result is no number.</exception>
    public double InvokeDouble()
    {
        var result = New();
        try
        {
            return ValueReader.ReadDouble(_interpreter, result);
        }
        finally
        {
            PyObjects.DecRef(result);
        }
    }

    /// <summary>Calls and returns the result.</summary>
    /// <returns>A new owner of the result.</returns>
    /// <exception cref="PythonException">The called code raised.</exception>
    public PythonObject Call() => _interpreter.Own(New());

    /// <summary>Drops callable and arguments. Safe from any thread and more than once.</summary>
    public void Dispose()
    {
        _callable.Dispose();
        _arguments.Dispose();
    }

    private nint New() => _interpreter.Check(PyObjects.NewCall(_callable.Use(), _arguments.Use(), 0));
}
