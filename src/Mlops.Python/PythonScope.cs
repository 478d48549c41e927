using System.Numerics;
using Mlops.Python.Calling;
using Mlops.Python.Native;
using Mlops.Python.Values;

namespace Mlops.Python;

/// <summary>Is what a call works with: modules, code and values of the interpreter.</summary>
/// <remarks>Given to the work of <see cref="PythonEngine"/>; usable only inside it, on the calling thread.</remarks>
public sealed unsafe class PythonScope
{
    private readonly Interpreter _interpreter;
    private PythonObject? _evaluate;

    internal PythonScope(Interpreter interpreter) => _interpreter = interpreter;

    /// <summary>Gets None. Disposing it has no effect.</summary>
    public PythonObject None => _interpreter.None;

    /// <summary>Imports a module.</summary>
    /// <param name="name">The full name, for example <c>sklearn.linear_model</c>.</param>
    /// <returns>A new owner of the module named last.</returns>
    /// <exception cref="PythonException">The module is missing, or its code raised.</exception>
    public PythonObject Import(string name)
    {
        _interpreter.EnsureCallingThread();
        fixed (byte* utf8 = Utf8.Terminated(name, stackalloc byte[Utf8.ScratchLength]))
            return _interpreter.Own(PyObjects.NewImport(utf8));
    }

    /// <summary>Runs source text as a module and puts it into <c>sys.modules</c>, over one of the same name; not if it raises.</summary>
    /// <param name="name">The name of the module. Pickles record it.</param>
    /// <param name="source">The text.</param>
    /// <param name="fileName">The file name that tracebacks show; they show the lines of <paramref name="source"/> even if no such file exists.</param>
    /// <returns>A new owner of the module.</returns>
    /// <exception cref="PythonException">The text has a syntax error or raised.</exception>
    public PythonObject ExecuteModule(string name, string source, string fileName)
        => _interpreter.Host.CallMethod("execute_module", name, source, fileName);

    /// <summary>Evaluates an expression with the built-in names.</summary>
    /// <param name="expression">The expression, for example <c>[i * i for i in range(3)]</c>.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="PythonException">The expression has a syntax error or raised.</exception>
    public PythonObject Evaluate(string expression)
    {
        if (_evaluate is null)
        {
            using var builtins = Import("builtins");
            _evaluate = builtins.GetAttribute("eval");
        }

        return _evaluate.Call(expression, new Dictionary<string, object?>());
    }

    /// <summary>Makes a bool.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The object.</returns>
    public PythonObject From(bool value) => value ? _interpreter.True : _interpreter.False;

    /// <summary>Makes an int.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The object.</returns>
    public PythonObject From(long value) => New(PyValues.NewInt(Entered(value)));

    /// <summary>Makes an int.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The object.</returns>
    public PythonObject From(ulong value) => New(PyValues.NewInt(Entered(value)));

    /// <summary>Makes an int of any size.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The object.</returns>
    public PythonObject From(BigInteger value) => New(ValueWriter.NewInt(_interpreter, Entered(value)));

    /// <summary>Makes a float.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The object.</returns>
    public PythonObject From(double value) => New(PyValues.NewFloat(Entered(value)));

    /// <summary>Makes a str, lone surrogates included.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The object; None for <see langword="null"/>.</returns>
    public PythonObject From(string? value) => value is null ? None : New(ValueWriter.NewText(_interpreter, Entered(value)));

    /// <summary>Makes a bytes object with a copy of the content.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The object.</returns>
    public PythonObject From(ReadOnlySpan<byte> value)
    {
        _interpreter.EnsureCallingThread();
        return New(ValueWriter.NewBytes(_interpreter, value));
    }

    /// <summary>Makes the natural Python object.</summary>
    /// <param name="value">
    /// <see langword="null"/> (None), bool, an integer, <see cref="BigInteger"/>, a floating-point number, a string, bytes, a dictionary (dict), another
    /// enumerable (list), or a <see cref="PythonObject"/> (the same object); nested up to 64 deep.
    /// </param>
    /// <returns>The object.</returns>
    /// <exception cref="ArgumentException">The value, or one inside it, has no counterpart or is nested too deep.</exception>
    public PythonObject From(object? value)
    {
        _interpreter.EnsureCallingThread();
        return New(ValueWriter.New(_interpreter, value));
    }

    /// <summary>Makes a list.</summary>
    /// <param name="items">The items: anything that <see cref="From(object?)"/> takes.</param>
    /// <returns>The object.</returns>
    public PythonObject List(params ReadOnlySpan<object?> items)
    {
        _interpreter.EnsureCallingThread();
        return New(ValueWriter.NewList(_interpreter, items));
    }

    /// <summary>Makes a tuple.</summary>
    /// <param name="items">The items: anything that <see cref="From(object?)"/> takes.</param>
    /// <returns>The object.</returns>
    public PythonObject Tuple(params ReadOnlySpan<object?> items)
    {
        _interpreter.EnsureCallingThread();
        return New(ValueWriter.NewTuple(_interpreter, items));
    }

    /// <summary>Makes an empty dict, to be filled with <see cref="PythonObject.SetItem"/>.</summary>
    /// <returns>The object.</returns>
    public PythonObject Dict()
    {
        _interpreter.EnsureCallingThread();
        return New(PyContainers.NewDict());
    }

    /// <summary>Allocates memory that both sides see.</summary>
    /// <typeparam name="T">The type of the elements: bool, an integer up to 64 bits, float or double.</typeparam>
    /// <param name="length">The number of elements, at least 1.</param>
    /// <returns>The memory, zero at first; it may be kept and reused for many calls.</returns>
    public PythonBuffer<T> Allocate<T>(int length)
        where T : unmanaged
        => new(_interpreter, length);

    /// <summary>Shows native memory of the caller to Python, without a copy.</summary>
    /// <typeparam name="T">The type of the elements: bool, an integer up to 64 bits, float or double.</typeparam>
    /// <param name="address">
    /// The address of the first element. The caller keeps the memory in place until <see cref="PythonView.TryRelease"/> has returned
    /// <see langword="true"/>: Python code that reads freed memory ends the process.
    /// </param>
    /// <param name="length">The number of elements, at least 1.</param>
    /// <param name="writable">Whether Python may write.</param>
    /// <returns>The view.</returns>
    public PythonView View<T>(nint address, int length, bool writable = false)
        where T : unmanaged
    {
        _interpreter.EnsureCallingThread();
        ArgumentOutOfRangeException.ThrowIfZero(address);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var letter = ElementType.LetterOf<T>();
        var flags = writable ? PyBuffers.WritableView : PyBuffers.ReadOnlyView;
        return new PythonView(_interpreter, New(PyBuffers.NewView(address, checked((nint)length * sizeof(T)), flags)), letter);
    }

    private PythonObject New(nint reference) => _interpreter.Own(reference);

    private T Entered<T>(T value)
    {
        _interpreter.EnsureCallingThread();
        return value;
    }
}
