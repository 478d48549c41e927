using Mlops.Python.Calling;

namespace Mlops.Python;

/// <summary>Shows native memory of .NET to Python without a copy, and tells when nobody in Python sees it any more.</summary>
/// <remarks>
/// Made by <see cref="PythonScope.View{T}"/>. The memory has to stay in place until <see cref="TryRelease"/> has returned
/// <see langword="true"/>. Usable inside calls on the calling thread.
/// </remarks>
public sealed class PythonView : IDisposable
{
    private readonly Interpreter _interpreter;
    private readonly PythonObject _memory;

    internal PythonView(Interpreter interpreter, PythonObject memory, char letter)
    {
        _interpreter = interpreter;
        _memory = memory;
        Value = interpreter.Host.CallMethod("view_of_memory", memory, letter.ToString());
    }

    /// <summary>Gets the memoryview; <c>numpy.asarray(view)</c> makes an ndarray over the same memory. Belongs to this object.</summary>
    public PythonObject Value { get; }

    /// <summary>Makes an ndarray over the memory. Needs NumPy.</summary>
    /// <returns>A new owner of the ndarray.</returns>
    /// <exception cref="PythonException">NumPy is missing.</exception>
    public PythonObject NewArray() => _interpreter.Host.CallMethod("as_ndarray", Value);

    /// <summary>Takes the view away from Python. May be repeated.</summary>
    /// <returns><see langword="false"/> while something else, such as an array that user code has kept, still looks at the memory.</returns>
    public bool TryRelease()
    {
        using var released = _interpreter.Host.CallMethod("try_release", Value, _memory);
        return released.ToBoolean();
    }

    /// <summary>Drops the references without taking the view away. Safe from any thread and more than once.</summary>
    public void Dispose()
    {
        Value.Dispose();
        _memory.Dispose();
    }
}
