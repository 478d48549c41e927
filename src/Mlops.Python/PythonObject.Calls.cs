using Mlops.Python.Native;
using Mlops.Python.Values;

namespace Mlops.Python;

/// <content>Calls.</content>
public sealed unsafe partial class PythonObject
{
    /// <summary>Calls the object without arguments.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">The called code raised.</exception>
    public PythonObject Call() => Call(ReadOnlySpan<PythonObject>.Empty);

    /// <summary>Calls the object.</summary>
    /// <param name="arguments">The positional arguments.</param>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">The called code raised.</exception>
    public PythonObject Call(params ReadOnlySpan<PythonObject> arguments)
        => _interpreter.Own(CallWithTuple(ValueWriter.NewTuple(_interpreter, arguments)));

    /// <summary>Calls the object with .NET values.</summary>
    /// <param name="arguments">The positional arguments: anything that <see cref="PythonScope.From(object?)"/> takes.</param>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">The called code raised.</exception>
    public PythonObject Call(params ReadOnlySpan<object?> arguments)
        => _interpreter.Own(CallWithTuple(ValueWriter.NewTuple(_interpreter, arguments)));

    /// <summary>Calls the object with keyword arguments.</summary>
    /// <param name="keywords">The arguments by name.</param>
    /// <param name="arguments">The positional arguments: anything that <see cref="PythonScope.From(object?)"/> takes.</param>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">The called code raised.</exception>
    public PythonObject CallWithKeywords(IReadOnlyDictionary<string, object?> keywords, params ReadOnlySpan<object?> arguments)
    {
        using var converted = _interpreter.Own(ValueWriter.New(_interpreter, keywords));
        return _interpreter.Own(CallWithTuple(ValueWriter.NewTuple(_interpreter, arguments), converted.Use()));
    }

    /// <summary>Calls the object and drops the result. With arguments that are Python objects already it makes no garbage in .NET.</summary>
    /// <param name="arguments">The positional arguments.</param>
    /// <exception cref="PythonException">The called code raised.</exception>
    public void Invoke(params ReadOnlySpan<PythonObject> arguments)
        => PyObjects.DecRef(_interpreter.Check(CallWithTuple(ValueWriter.NewTuple(_interpreter, arguments))));

    /// <summary>Calls a method.</summary>
    /// <param name="name">The name of the method.</param>
    /// <param name="arguments">The positional arguments: anything that <see cref="PythonScope.From(object?)"/> takes.</param>
    /// <returns>The result.</returns>
    /// <exception cref="PythonException">There is no such method, or it raised.</exception>
    public PythonObject CallMethod(string name, params ReadOnlySpan<object?> arguments)
    {
        using var method = GetAttribute(name);
        return method.Call(arguments);
    }

    /// <summary>Prepares a call whose arguments are the same objects every time, for the calls that are made most often.</summary>
    /// <param name="arguments">The positional arguments; the prepared call keeps its own references.</param>
    /// <returns>The prepared call.</returns>
    public PythonCall Bind(params ReadOnlySpan<PythonObject> arguments)
        => new(_interpreter, Share(), _interpreter.Own(ValueWriter.NewTuple(_interpreter, arguments)));

    private nint CallWithTuple(nint arguments, nint keywords = 0)
    {
        nint result = 0;
        try
        {
            result = PyObjects.NewCall(Use(), arguments, keywords);
        }
        finally
        {
            PyObjects.DecRef(arguments);
        }

        return result;
    }
}
