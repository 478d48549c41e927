using System.Runtime.CompilerServices;
using Mlops.Python.Native;

namespace Mlops.Python.Calling;

/// <summary>The constants of the running interpreter, and the way every result and error of a native function takes.</summary>
internal sealed unsafe class Interpreter
{
    private readonly PythonErrorReader _errors;

    /// <summary>Call on the calling thread once the interpreter is initialized; <paramref name="host"/> is a new reference to the host module.</summary>
    public Interpreter(CallingThread thread, nint host)
    {
        Thread = thread;
        NoneReference = PythonLibrary.ObjectAt("_Py_NoneStruct");
        TrueReference = PythonLibrary.ObjectAt("_Py_TrueStruct");
        FalseReference = PythonLibrary.ObjectAt("_Py_FalseStruct");
        FloatType = PythonLibrary.ObjectAt("PyFloat_Type");
        fixed (byte* name = "mlops.Cancelled"u8)
            CancelledType = PyErrors.NewExceptionType(name, PythonLibrary.ObjectIn("PyExc_BaseException"), 0);
        AttributeErrorType = PythonLibrary.ObjectIn("PyExc_AttributeError");
        _errors = new PythonErrorReader(this, host);
        Host = new PythonObject(this, host);
        None = new PythonObject(this, NoneReference, isShared: true);
        True = new PythonObject(this, TrueReference, isShared: true);
        False = new PythonObject(this, FalseReference, isShared: true);
    }

    public CallingThread Thread { get; }

    public PythonObject Host { get; }

    public PythonObject None { get; }

    public PythonObject True { get; }

    public PythonObject False { get; }

    public nint NoneReference { get; }

    public nint TrueReference { get; }

    public nint FalseReference { get; }

    public nint FloatType { get; }

    public nint AttributeErrorType { get; }

    /// <summary>What a cancelled call raises: a BaseException, so that <c>except Exception</c> does not swallow it.</summary>
    public nint CancelledType { get; }

    /// <summary>Wraps a new reference; zero means that the function failed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PythonObject Own(nint reference) => new(this, Check(reference));

    /// <summary>Returns the reference unless it is zero, which means that the function failed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Check(nint reference) => reference != 0 ? reference : throw Error();

    /// <summary>Returns the result unless it is negative, which means that the function failed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Check(int result) => result >= 0 ? result : throw Error();

    /// <summary>Throws when the last function left an error; for those whose result cannot tell.</summary>
    public void CheckError()
    {
        if (PyErrors.Occurred() != 0)
            throw Error();
    }

    /// <summary>Takes the error indicator and returns what is to be thrown for it.</summary>
    public Exception Error() => _errors.Take();

    public void EnsureCallingThread()
    {
        if (!Thread.IsCurrent)
            throw new InvalidOperationException("Python objects may only be used inside PythonEngine.Run, RunAsync or Invoke, on the calling thread.");
    }

    public static void Drop(nint reference)
    {
        if (reference != 0)
            PyObjects.DecRef(reference);
    }
}
