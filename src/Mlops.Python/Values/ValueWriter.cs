using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Mlops.Python.Calling;
using Mlops.Python.Native;

namespace Mlops.Python.Values;

/// <summary>Makes Python objects from .NET values. All references returned are new.</summary>
internal static unsafe class ValueWriter
{
    public static nint New(Interpreter interpreter, object? value, int depth = 0)
    {
        if (depth > ValueReader.MaxDepth)
            throw new ArgumentException($"A value for Python is nested more than {ValueReader.MaxDepth} deep or contains itself.", nameof(value));
        return value switch
        {
            null => NewReference(interpreter.NoneReference),
            PythonObject existing => NewReference(existing.Use()),
            bool boolean => NewReference(boolean ? interpreter.TrueReference : interpreter.FalseReference),
            string text => NewText(interpreter, text),
            sbyte or byte or short or ushort or int or uint or long => interpreter.Check(PyValues.NewInt(Convert.ToInt64(value, CultureInfo.InvariantCulture))),
            ulong integer => interpreter.Check(PyValues.NewInt(integer)),
            BigInteger integer => NewInt(interpreter, integer),
            double number => interpreter.Check(PyValues.NewFloat(number)),
            float or Half => interpreter.Check(PyValues.NewFloat(value is Half half ? (double)half : (float)value)),
            byte[] bytes => NewBytes(interpreter, bytes),
            ReadOnlyMemory<byte> bytes => NewBytes(interpreter, bytes.Span),
            Memory<byte> bytes => NewBytes(interpreter, bytes.Span),
            IDictionary dictionary => NewDict(interpreter, dictionary, depth),
            IEnumerable<KeyValuePair<string, object?>> pairs => NewDict(interpreter, pairs.ToDictionary(), depth),
            IEnumerable items => NewList(interpreter, [.. items.Cast<object?>()], depth),
            _ => throw new ArgumentException($"A value of type {value.GetType()} has no counterpart in Python.", nameof(value)),
        };
    }

    public static nint NewReference(nint reference)
    {
        PyObjects.IncRef(reference);
        return reference;
    }

    public static nint NewText(Interpreter interpreter, ReadOnlySpan<char> text)
    {
        // UTF-16 with "surrogatepass" takes every .NET string, the ones with lone surrogates included.
        var littleEndian = -1;
        fixed (char* start = &MemoryMarshal.GetReference(text))
        fixed (byte* errors = "surrogatepass"u8)
        {
            char none;
            return interpreter.Check(PyValues.NewTextFromUtf16(start == null ? &none : start, text.Length * sizeof(char), errors, &littleEndian));
        }
    }

    public static nint NewBytes(Interpreter interpreter, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return interpreter.Check(PyValues.NewBytes(start, bytes.Length));
    }

    public static nint NewInt(Interpreter interpreter, BigInteger value)
    {
        var magnitude = BigInteger.Abs(value).ToString("x", CultureInfo.InvariantCulture);
        fixed (byte* digits = Encoding.ASCII.GetBytes((value.Sign < 0 ? "-" : "") + magnitude + "\0"))
            return interpreter.Check(PyValues.NewInt(digits, null, 16));
    }

    public static nint NewTuple(Interpreter interpreter, ReadOnlySpan<PythonObject> items)
    {
        // All are asked for their references before anything is made: a disposed one throws.
        foreach (var item in items)
            item.Use();
        var tuple = interpreter.Check(PyContainers.NewTuple(items.Length));
        for (var index = 0; index < items.Length; index++)
            _ = PyContainers.SetTupleItem(tuple, index, NewReference(items[index].Use()));
        return tuple;
    }

    public static nint NewTuple(Interpreter interpreter, ReadOnlySpan<object?> items)
    {
        var tuple = interpreter.Check(PyContainers.NewTuple(items.Length));
        try
        {
            for (var index = 0; index < items.Length; index++)
                _ = PyContainers.SetTupleItem(tuple, index, New(interpreter, items[index], 1));
            return tuple;
        }
        catch
        {
            PyObjects.DecRef(tuple);
            throw;
        }
    }

    public static nint NewList(Interpreter interpreter, ReadOnlySpan<object?> items, int depth = 0)
    {
        var list = interpreter.Check(PyContainers.NewList(items.Length));
        try
        {
            for (var index = 0; index < items.Length; index++)
                _ = PyContainers.SetListItem(list, index, New(interpreter, items[index], depth + 1));
            return list;
        }
        catch
        {
            PyObjects.DecRef(list);
            throw;
        }
    }

    private static nint NewDict(Interpreter interpreter, IDictionary dictionary, int depth)
    {
        var dict = interpreter.Check(PyContainers.NewDict());
        nint key = 0, value = 0;
        try
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                key = New(interpreter, entry.Key, depth + 1);
                value = New(interpreter, entry.Value, depth + 1);
                interpreter.Check(PyContainers.SetDictItem(dict, key, value));
                Interpreter.Drop(key);
                Interpreter.Drop(value);
                key = value = 0;
            }

            return dict;
        }
        catch
        {
            Interpreter.Drop(key);
            Interpreter.Drop(value);
            PyObjects.DecRef(dict);
            throw;
        }
    }
}
