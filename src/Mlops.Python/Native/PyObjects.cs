using System.Runtime.InteropServices;

namespace Mlops.Python.Native;

/// <summary>Reference counts, attributes, items, calls and types. "New" results are owned by the caller.</summary>
internal static unsafe partial class PyObjects
{
    /// <summary>Py_file_input: the source is a module, not an expression.</summary>
    public const int FileInput = 257;

    public const nuint LongSubclass = 1 << 24;
    public const nuint ListSubclass = 1 << 25;
    public const nuint TupleSubclass = 1 << 26;
    public const nuint BytesSubclass = 1 << 27;
    public const nuint TextSubclass = 1 << 28;
    public const nuint DictSubclass = 1 << 29;

    [LibraryImport(PythonLibrary.Name, EntryPoint = "Py_IncRef")]
    public static partial void IncRef(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "Py_DecRef")]
    public static partial void DecRef(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_Type")]
    public static partial nint NewType(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyType_GetFlags")]
    private static partial CULong GetFlags(nint type);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_IsInstance")]
    public static partial int IsInstance(nint value, nint type);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyCallable_Check")]
    public static partial int IsCallable(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_IsTrue")]
    public static partial int IsTrue(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_Str")]
    public static partial nint NewStr(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_GetAttrString")]
    public static partial nint NewAttribute(nint value, byte* name);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_SetAttrString")]
    public static partial int SetAttribute(nint value, byte* name, nint attribute);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_GetItem")]
    public static partial nint NewItem(nint value, nint key);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_SetItem")]
    public static partial int SetItem(nint value, nint key, nint item);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PySequence_Contains")]
    public static partial int Contains(nint value, nint item);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_Size")]
    public static partial nint Size(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_GetIter")]
    public static partial nint NewIterator(nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyIter_Next")]
    public static partial nint NewNext(nint iterator);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_Call")]
    public static partial nint NewCall(nint callable, nint arguments, nint keywords);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyImport_ImportModule")]
    public static partial nint NewImport(byte* name);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "Py_CompileString")]
    public static partial nint NewCode(byte* source, byte* fileName, int start);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyImport_ExecCodeModuleEx")]
    public static partial nint NewModule(byte* name, nint code, byte* fileName);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyCFunction_NewEx")]
    public static partial nint NewFunction(PyMethodDef* definition, nint self, nint module);

    /// <summary>Returns the flags of the value's type, which tell the built-in kinds and what derives from them.</summary>
    public static nuint Flags(nint value)
    {
        var type = NewType(value);
        var flags = GetFlags(type).Value;
        DecRef(type);
        return flags;
    }
}
