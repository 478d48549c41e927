using System.Runtime.InteropServices;

namespace Mlops.Python.Native;

/// <summary>Numbers, text and bytes.</summary>
internal static unsafe partial class PyValues
{
    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyLong_FromLongLong")]
    public static partial nint NewInt(long value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyLong_FromUnsignedLongLong")]
    public static partial nint NewInt(ulong value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyLong_FromString")]
    public static partial nint NewInt(byte* digits, byte** end, int numberBase);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyNumber_Index")]
    public static partial nint NewIndex(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyNumber_ToBase")]
    public static partial nint NewDigits(nint value, int numberBase);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyLong_AsLongLong")]
    public static partial long AsInt64(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyLong_AsUnsignedLongLong")]
    public static partial ulong AsUInt64(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyFloat_FromDouble")]
    public static partial nint NewFloat(double value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyFloat_AsDouble")]
    public static partial double AsDouble(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyUnicode_FromStringAndSize")]
    public static partial nint NewText(byte* utf8, nint length);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyUnicode_DecodeUTF16")]
    public static partial nint NewTextFromUtf16(char* text, nint bytes, byte* errors, int* byteOrder);

    /// <summary>The memory belongs to the text.</summary>
    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyUnicode_AsUTF8AndSize")]
    public static partial byte* AsUtf8(nint text, nint* length);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyUnicode_AsEncodedString")]
    public static partial nint NewEncoded(nint text, byte* encoding, byte* errors);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyBytes_FromStringAndSize")]
    public static partial nint NewBytes(byte* content, nint length);

    /// <summary>The memory belongs to the bytes object.</summary>
    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyBytes_AsStringAndSize")]
    public static partial int AsBytes(nint value, byte** content, nint* length);
}
