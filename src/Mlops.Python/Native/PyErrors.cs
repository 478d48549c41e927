using System.Runtime.InteropServices;

namespace Mlops.Python.Native;

/// <summary>The error indicator of the running thread, and exception types.</summary>
internal static unsafe partial class PyErrors
{
    /// <summary>A borrowed reference to the type of the error, or zero.</summary>
    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyErr_Occurred")]
    public static partial nint Occurred();

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyErr_ExceptionMatches")]
    public static partial int Matches(nint type);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyErr_GivenExceptionMatches")]
    public static partial int Matches(nint given, nint type);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyErr_Clear")]
    public static partial void Clear();

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyErr_Fetch")]
    public static partial void Fetch(nint* type, nint* value, nint* traceback);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyErr_NormalizeException")]
    public static partial void Normalize(nint* type, nint* value, nint* traceback);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyException_SetTraceback")]
    public static partial int SetTraceback(nint exception, nint traceback);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyErr_SetNone")]
    public static partial void SetNone(nint type);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyErr_SetString")]
    public static partial void SetText(nint type, byte* utf8);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyErr_NewException")]
    public static partial nint NewExceptionType(byte* qualifiedName, nint baseType, nint namespaceDict);
}
