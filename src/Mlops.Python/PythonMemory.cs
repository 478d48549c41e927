using System.Runtime.InteropServices;
using System.Text;
using Mlops.Python.Calling;
using Mlops.Python.Native;
using Mlops.Python.Values;

namespace Mlops.Python;

/// <summary>Gives access to the memory of a Python object without a copy, until it is disposed.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <remarks>The object stays alive and keeps its size as long as this is open. Dispose on any thread; a forgotten one is never released.</remarks>
public sealed unsafe class PythonMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly Interpreter _interpreter;
    private PyBuffer* _view;

    private PythonMemory(Interpreter interpreter, PyBuffer* view)
    {
        _interpreter = interpreter;
        _view = view;
    }

    /// <summary>Gets the elements, row by row. Not to be used after <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The memory has been released.</exception>
    public ReadOnlySpan<T> Span => new(View->Memory, checked((int)(View->Length / sizeof(T))));

    /// <summary>Gets the elements for writing.</summary>
    /// <exception cref="ObjectDisposedException">The memory has been released.</exception>
    /// <exception cref="InvalidOperationException">The object is read-only.</exception>
    public Span<T> WritableSpan => IsReadOnly
        ? throw new InvalidOperationException("The memory of this Python object is read-only.")
        : new(View->Memory, checked((int)(View->Length / sizeof(T))));

    /// <summary>Gets whether the object forbids writing.</summary>
    public bool IsReadOnly => View->IsReadOnly != 0;

    /// <summary>Gets the lengths of the dimensions; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => [.. new ReadOnlySpan<nint>(View->Shape, View->Dimensions).ToArray().Select(length => (long)length)];

    private PyBuffer* View
    {
        get
        {
            ObjectDisposedException.ThrowIf(_view == null, this);
            return _view;
        }
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        var view = _view;
        _view = null;
        if (view == null)
            return;
        if (_interpreter.Thread.IsCurrent)
            PyBuffer.Free(view);
        else
            _interpreter.Thread.Release(view);
    }

    internal static PythonMemory<T> Open(Interpreter interpreter, PythonObject exporter)
    {
        var letter = ElementType.LetterOf<T>();
        var view = PyBuffer.Allocate();
        try
        {
            interpreter.Check(PyBuffers.Get(exporter.Use(), view, PyBuffers.Contiguous | PyBuffers.WithFormat));
        }
        catch
        {
            NativeMemory.Free(view);
            throw;
        }

        // No format means unsigned bytes.
        var format = view->Format == null ? "B"u8 : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(view->Format);
        if (view->ItemSize == sizeof(T) && ElementType.Matches(letter, format))
            return new PythonMemory<T>(interpreter, view);

        var message = $"The memory of a Python object of type '{exporter.TypeName}' holds elements of format '{Encoding.UTF8.GetString(format)}' "
            + $"with {view->ItemSize} bytes; {typeof(T).Name} has format '{letter}' with {sizeof(T)}.";
        PyBuffer.Free(view);
        throw new InvalidCastException(message);
    }
}
