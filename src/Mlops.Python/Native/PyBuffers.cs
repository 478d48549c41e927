using System.Runtime.InteropServices;

namespace Mlops.Python.Native;

/// <summary>
/// Memory seen from both sides. PyObject_GetBuffer entered the stable ABI with 3.11; 3.9 and 3.10, which change no more, export
/// the same function over the same structure.
/// </summary>
internal static unsafe partial class PyBuffers
{
    public const int Contiguous = 0x0020 | 0x0010 | 0x0008; // PyBUF_C_CONTIGUOUS with strides and shape
    public const int WithFormat = 0x0004;
    public const int ReadOnlyView = 0x100;
    public const int WritableView = 0x200;

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyObject_GetBuffer")]
    public static partial int Get(nint exporter, PyBuffer* view, int flags);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyBuffer_Release")]
    public static partial void Release(PyBuffer* view);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyMemoryView_FromMemory")]
    public static partial nint NewView(nint memory, nint length, int flags);
}
