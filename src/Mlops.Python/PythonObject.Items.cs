using System.Diagnostics.CodeAnalysis;
using Mlops.Python.Native;
using Mlops.Python.Values;

namespace Mlops.Python;

/// <content>Attributes and items.</content>
public sealed unsafe partial class PythonObject
{
    /// <summary>Gets the number of items: <c>len()</c>.</summary>
    /// <exception cref="PythonException">TypeError: the object has no length.</exception>
    public long Length
    {
        get
        {
            var length = PyObjects.Size(Use());
            return length >= 0 ? length : throw _interpreter.Error();
        }
    }

    /// <summary>Returns an attribute.</summary>
    /// <param name="name">The name of the attribute.</param>
    /// <returns>A new owner of the attribute's value.</returns>
    /// <exception cref="PythonException">AttributeError: there is none.</exception>
    public PythonObject GetAttribute(string name)
    {
        fixed (byte* utf8 = Utf8.Terminated(name, stackalloc byte[Utf8.ScratchLength]))
            return _interpreter.Own(PyObjects.NewAttribute(Use(), utf8));
    }

    /// <summary>Returns an attribute if there is one.</summary>
    /// <param name="name">The name of the attribute.</param>
    /// <param name="value">A new owner of the attribute's value.</param>
    /// <returns><see langword="true"/> when the attribute exists.</returns>
    public bool TryGetAttribute(string name, [NotNullWhen(true)] out PythonObject? value)
    {
        fixed (byte* utf8 = Utf8.Terminated(name, stackalloc byte[Utf8.ScratchLength]))
        {
            var reference = PyObjects.NewAttribute(Use(), utf8);
            value = reference == 0 ? null : _interpreter.Own(reference);
        }

        if (value is not null)
            return true;
        if (PyErrors.Matches(_interpreter.AttributeErrorType) != 0)
        {
            PyErrors.Clear();
            return false;
        }

        throw _interpreter.Error();
    }

    /// <summary>Sets an attribute.</summary>
    /// <param name="name">The name of the attribute.</param>
    /// <param name="value">Anything that <see cref="PythonScope.From(object?)"/> takes.</param>
    public void SetAttribute(string name, object? value)
    {
        var target = Use();
        var converted = ValueWriter.New(_interpreter, value);
        fixed (byte* utf8 = Utf8.Terminated(name, stackalloc byte[Utf8.ScratchLength]))
        {
            var result = PyObjects.SetAttribute(target, utf8, converted);
            PyObjects.DecRef(converted);
            _interpreter.Check(result);
        }
    }

    /// <summary>Returns an item: <c>self[key]</c>.</summary>
    /// <param name="key">Anything that <see cref="PythonScope.From(object?)"/> takes.</param>
    /// <returns>A new owner of the item.</returns>
    /// <exception cref="PythonException">KeyError, IndexError or TypeError.</exception>
    public PythonObject GetItem(object? key)
    {
        var target = Use();
        var converted = ValueWriter.New(_interpreter, key);
        var item = PyObjects.NewItem(target, converted);
        PyObjects.DecRef(converted);
        return _interpreter.Own(item);
    }

    /// <summary>Sets an item: <c>self[key] = value</c>.</summary>
    /// <param name="key">Anything that <see cref="PythonScope.From(object?)"/> takes.</param>
    /// <param name="value">Anything that <see cref="PythonScope.From(object?)"/> takes.</param>
    public void SetItem(object? key, object? value)
    {
        using var convertedKey = _interpreter.Own(ValueWriter.New(_interpreter, key));
        using var convertedValue = _interpreter.Own(ValueWriter.New(_interpreter, value));
        _interpreter.Check(PyObjects.SetItem(Use(), convertedKey.Use(), convertedValue.Use()));
    }

    /// <summary>Returns whether an item, or a key of a dict, is in the object.</summary>
    /// <param name="item">Anything that <see cref="PythonScope.From(object?)"/> takes.</param>
    /// <returns><see langword="true"/> when it is.</returns>
    public bool Contains(object? item)
    {
        using var converted = _interpreter.Own(ValueWriter.New(_interpreter, item));
        return _interpreter.Check(PyObjects.Contains(Use(), converted.Use())) != 0;
    }

    /// <summary>Enumerates the object as <c>for</c> does. Enumerate inside the call.</summary>
    /// <returns>A new owner of each item.</returns>
    public IEnumerable<PythonObject> Enumerate()
    {
        using var iterator = _interpreter.Own(PyObjects.NewIterator(Use()));
        while (Next(iterator) is { } item)
            yield return item;
    }

    private PythonObject? Next(PythonObject iterator)
    {
        var item = PyObjects.NewNext(iterator.Use());
        if (item == 0)
            _interpreter.CheckError();
        return item == 0 ? null : _interpreter.Own(item);
    }
}
