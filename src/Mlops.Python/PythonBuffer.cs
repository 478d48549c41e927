using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mlops.Python.Calling;
using Mlops.Python.Values;

namespace Mlops.Python;

/// <summary>
/// Holds memory that both sides see: allocated once, filled from .NET, read by Python as a memoryview or an ndarray without a copy, and
/// the other way round.
/// </summary>
/// <typeparam name="T">The type of the elements: bool, an integer up to 64 bits, float or double.</typeparam>
/// <remarks>
/// The memory belongs to Python and lives as long as any array over it: user code that keeps an array reads old or new values, never
/// freed memory. <see cref="Span"/> may be used on any thread while no call works on the memory.
/// </remarks>
public sealed class PythonBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly Interpreter _interpreter;
    private readonly PythonObject _block;
    private readonly PythonMemory<byte> _memory;
    private readonly char _letter;
    private readonly int _length;

    internal PythonBuffer(Interpreter interpreter, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        _interpreter = interpreter;
        _letter = ElementType.LetterOf<T>();
        _length = length;
        _block = interpreter.Host.CallMethod("new_block", (long)length * Unsafe.SizeOf<T>());
        _memory = _block.OpenMemory<byte>();
    }

    /// <summary>Gets the number of elements.</summary>
    public int Length => _length;

    /// <summary>Gets the elements, zero at first.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed.</exception>
    public Span<T> Span => MemoryMarshal.Cast<byte, T>(_memory.WritableSpan);

    /// <summary>Makes a memoryview over the memory. Call inside a call.</summary>
    /// <param name="writable">Whether Python may write.</param>
    /// <param name="shape">The lengths of the dimensions, whose product is <see cref="Length"/>; none for one dimension.</param>
    /// <returns>A new owner of the memoryview.</returns>
    /// <exception cref="PythonException">The shape does not fit.</exception>
    public PythonObject NewView(bool writable = true, params ReadOnlySpan<int> shape)
    {
        var lengths = shape.ToArray().Select(length => (object?)length).ToList();
        return _interpreter.Host.CallMethod("view_of", _block, _letter.ToString(), lengths, writable);
    }

    /// <summary>Makes an ndarray over the memory. Needs NumPy. Call inside a call.</summary>
    /// <param name="writable">Whether Python may write.</param>
    /// <param name="shape">The lengths of the dimensions, whose product is <see cref="Length"/>; none for one dimension.</param>
    /// <returns>A new owner of the ndarray.</returns>
    /// <exception cref="PythonException">The shape does not fit, or NumPy is missing.</exception>
    public PythonObject NewArray(bool writable = true, params ReadOnlySpan<int> shape)
    {
        using var view = NewView(writable, shape);
        return _interpreter.Host.CallMethod("as_ndarray", view);
    }

    /// <summary>Gives up this side's hold; the memory goes when no array is left over it. Safe from any thread and more than once.</summary>
    public void Dispose()
    {
        _memory.Dispose();
        _block.Dispose();
    }
}
