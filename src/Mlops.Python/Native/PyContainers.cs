using System.Runtime.InteropServices;

namespace Mlops.Python.Native;

/// <summary>Tuples, lists and dictionaries. The setters of tuple and list take over the reference that they are given.</summary>
internal static partial class PyContainers
{
    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyTuple_New")]
    public static partial nint NewTuple(nint length);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyTuple_SetItem")]
    public static partial int SetTupleItem(nint tuple, nint index, nint owned);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyTuple_GetItem")]
    public static partial nint BorrowTupleItem(nint tuple, nint index);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyList_New")]
    public static partial nint NewList(nint length);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyList_SetItem")]
    public static partial int SetListItem(nint list, nint index, nint owned);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyDict_New")]
    public static partial nint NewDict();

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyDict_SetItem")]
    public static partial int SetDictItem(nint dict, nint key, nint value);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyDict_Items")]
    public static partial nint NewDictItems(nint dict);
}
