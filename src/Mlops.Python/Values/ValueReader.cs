using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Mlops.Python.Calling;
using Mlops.Python.Native;

namespace Mlops.Python.Values;

/// <summary>Makes .NET values from Python objects. All references given are borrowed.</summary>
internal static unsafe class ValueReader
{
    public const int MaxDepth = 64;

    public static bool ReadTruth(Interpreter interpreter, nint value) => interpreter.Check(PyObjects.IsTrue(value)) != 0;

    public static long ReadInt64(Interpreter interpreter, nint value)
    {
        var index = interpreter.Check(PyValues.NewIndex(value));
        var result = PyValues.AsInt64(index);
        PyObjects.DecRef(index);
        if (result == -1)
            interpreter.CheckError();
        return result;
    }

    public static ulong ReadUInt64(Interpreter interpreter, nint value)
    {
        var index = interpreter.Check(PyValues.NewIndex(value));
        var result = PyValues.AsUInt64(index);
        PyObjects.DecRef(index);
        if (result == ulong.MaxValue)
            interpreter.CheckError();
        return result;
    }

    public static BigInteger ReadBigInteger(Interpreter interpreter, nint value)
    {
        var index = interpreter.Check(PyValues.NewIndex(value));
        // Hexadecimal: Python refuses to print decimal numbers of more than 4300 digits.
        var digits = PyValues.NewDigits(index, 16);
        PyObjects.DecRef(index);
        var text = ReadText(interpreter, interpreter.Check(digits));
        PyObjects.DecRef(digits);

        var isNegative = text.StartsWith('-');
        var magnitude = BigInteger.Parse("0" + text[(isNegative ? 3 : 2)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return isNegative ? -magnitude : magnitude;
    }

    public static double ReadDouble(Interpreter interpreter, nint value)
    {
        var result = PyValues.AsDouble(value);
        if (result == -1)
            interpreter.CheckError();
        return result;
    }

    public static string ReadText(Interpreter interpreter, nint value)
    {
        if ((PyObjects.Flags(value) & PyObjects.TextSubclass) == 0)
            throw Unexpected(interpreter, value, "str");

        nint length;
        var utf8 = PyValues.AsUtf8(value, &length);
        if (utf8 != null)
            return Encoding.UTF8.GetString(utf8, checked((int)length));

        // Lone surrogates have no UTF-8; both sides can hold them in UTF-16.
        PyErrors.Clear();
        fixed (byte* encoding = "utf-16-le"u8, errors = "surrogatepass"u8)
        {
            var encoded = interpreter.Check(PyValues.NewEncoded(value, encoding, errors));
            byte* content;
            _ = PyValues.AsBytes(encoded, &content, &length);
            var text = new string(MemoryMarshal.Cast<byte, char>(new ReadOnlySpan<byte>(content, checked((int)length))));
            PyObjects.DecRef(encoded);
            return text;
        }
    }

    public static byte[] ReadBytes(Interpreter interpreter, nint value)
    {
        if ((PyObjects.Flags(value) & PyObjects.BytesSubclass) == 0)
            throw Unexpected(interpreter, value, "bytes");
        byte* content;
        nint length;
        interpreter.Check(PyValues.AsBytes(value, &content, &length));
        return new ReadOnlySpan<byte>(content, checked((int)length)).ToArray();
    }

    /// <summary>Returns the natural counterpart; objects without one come as <see cref="PythonObject"/>.</summary>
    public static object? Read(Interpreter interpreter, nint value, int depth = 0)
    {
        if (value == interpreter.NoneReference)
            return null;
        if (value == interpreter.TrueReference || value == interpreter.FalseReference)
            return value == interpreter.TrueReference;
        if (depth > MaxDepth)
            throw new InvalidOperationException($"A Python value is nested more than {MaxDepth} deep or contains itself.");

        var flags = PyObjects.Flags(value);
        if ((flags & PyObjects.TextSubclass) != 0)
            return ReadText(interpreter, value);
        if ((flags & PyObjects.LongSubclass) != 0)
            return ReadInteger(interpreter, value);
        if (interpreter.Check(PyObjects.IsInstance(value, interpreter.FloatType)) != 0)
            return ReadDouble(interpreter, value);
        if ((flags & PyObjects.BytesSubclass) != 0)
            return ReadBytes(interpreter, value);
        if ((flags & (PyObjects.ListSubclass | PyObjects.TupleSubclass)) != 0)
            return ReadList(interpreter, value, depth);
        if ((flags & PyObjects.DictSubclass) != 0)
            return ReadDictionary(interpreter, value, depth);

        PyObjects.IncRef(value);
        return new PythonObject(interpreter, value);
    }

    public static List<object?> ReadList(Interpreter interpreter, nint value, int depth = 0)
    {
        var result = new List<object?>();
        foreach (var item in new Items(interpreter, value))
            result.Add(Read(interpreter, item, depth + 1));
        return result;
    }

    public static Dictionary<object, object?> ReadDictionary(Interpreter interpreter, nint value, int depth = 0)
    {
        if ((PyObjects.Flags(value) & PyObjects.DictSubclass) == 0)
            throw Unexpected(interpreter, value, "dict");
        var result = new Dictionary<object, object?>();
        var pairs = interpreter.Check(PyContainers.NewDictItems(value));
        try
        {
            foreach (var pair in new Items(interpreter, pairs))
            {
                var key = Read(interpreter, PyContainers.BorrowTupleItem(pair, 0), depth + 1)
                    ?? throw new InvalidOperationException("A Python dict has the key None, which .NET dictionaries cannot hold.");
                result[key] = Read(interpreter, PyContainers.BorrowTupleItem(pair, 1), depth + 1);
            }
        }
        finally
        {
            PyObjects.DecRef(pairs);
        }

        return result;
    }

    private static object ReadInteger(Interpreter interpreter, nint value)
    {
        var number = PyValues.AsInt64(value);
        if (number != -1 || PyErrors.Occurred() == 0)
            return number;
        PyErrors.Clear();
        return ReadBigInteger(interpreter, value);
    }

    private static InvalidCastException Unexpected(Interpreter interpreter, nint value, string expected)
    {
        PyObjects.IncRef(value);
        using var shown = new PythonObject(interpreter, value);
        return new InvalidCastException($"A Python object of type '{shown.TypeName}' was read as {expected}.");
    }
}
