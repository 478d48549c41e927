using System.Runtime.CompilerServices;
using Mlops.Python.Calling;
using Mlops.Python.Native;
using Mlops.Python.Values;

namespace Mlops.Python;

/// <summary>Owns one reference to a Python object.</summary>
/// <remarks>
/// May be kept beyond the call that made it, but is usable only inside calls, on the calling thread: elsewhere every member except
/// <see cref="Dispose"/> and <see cref="ToString"/> throws <see cref="InvalidOperationException"/>. Dispose drops the reference, at once
/// inside a call, else between two calls; an object that is not disposed drops it when the garbage collector finds it.
/// Members throw <see cref="PythonException"/> when Python raises.
/// </remarks>
public sealed unsafe partial class PythonObject : IDisposable
{
    private readonly Interpreter _interpreter;
    private readonly bool _isShared;
    private nint _reference;

    /// <summary>Takes over a new reference; a shared one (None, True, False) outlives all its users.</summary>
    internal PythonObject(Interpreter interpreter, nint reference, bool isShared = false)
    {
        _interpreter = interpreter;
        _reference = reference;
        _isShared = isShared;
        if (isShared)
            GC.SuppressFinalize(this);
    }

    /// <summary>Drops the reference if that was not done before.</summary>
    ~PythonObject() => DropReference();

    /// <summary>Gets whether this is None.</summary>
    public bool IsNone => Use() == _interpreter.NoneReference;

    /// <summary>Gets whether the object can be called.</summary>
    public bool IsCallable => PyObjects.IsCallable(Use()) != 0;

    /// <summary>Gets the name of the object's type, for example <c>ndarray</c>.</summary>
    public string TypeName
    {
        get
        {
            using var type = _interpreter.Own(PyObjects.NewType(Use()));
            using var name = type.GetAttribute("__name__");
            return name.ToText();
        }
    }

    /// <summary>Gets the number of references to the object.</summary>
    /// <value>
    /// Comparable before and after a call: when it has risen, the called code has kept the object, for example an array whose memory
    /// was to be used again.
    /// </value>
    public long ReferenceCount
    {
        get
        {
            using var count = _interpreter.Host.CallMethod("getrefcount", this);
            return count.ToInt64();
        }
    }

    /// <summary>Returns whether the object is an instance of a type.</summary>
    /// <param name="type">A type or a tuple of types.</param>
    /// <returns><see langword="true"/> when it is.</returns>
    public bool IsInstance(PythonObject type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _interpreter.Check(PyObjects.IsInstance(Use(), type.Use())) != 0;
    }

    /// <summary>Returns another owner of the same Python object.</summary>
    /// <returns>An object to be disposed on its own.</returns>
    public PythonObject Share() => new(_interpreter, ValueWriter.NewReference(Use()));

    /// <summary>Drops the reference. Safe from any thread and more than once.</summary>
    public void Dispose()
    {
        if (_isShared)
            return;
        DropReference();
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns <c>str()</c> of the object inside a call; elsewhere a text without contents.</summary>
    /// <returns>A text for people.</returns>
    public override string ToString()
    {
        if (!_interpreter.Thread.IsCurrent || _reference == 0)
            return _reference == 0 ? "disposed Python object" : "Python object";
        using var text = _interpreter.Own(PyObjects.NewStr(_reference));
        return text.ToText();
    }

    /// <summary>Returns the borrowed reference for a native call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal nint Use()
    {
        _interpreter.EnsureCallingThread();
        var reference = _reference;
        ObjectDisposedException.ThrowIf(reference == 0, this);
        return reference;
    }

    private void DropReference()
    {
        var reference = Interlocked.Exchange(ref _reference, 0);
        if (reference == 0)
            return;
        if (_interpreter.Thread.IsCurrent)
            PyObjects.DecRef(reference);
        else
            _interpreter.Thread.Release(reference);
    }
}
