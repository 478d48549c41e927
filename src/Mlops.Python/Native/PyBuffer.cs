using System.Runtime.InteropServices;

namespace Mlops.Python.Native;

/// <summary>Py_buffer: what an object tells about its memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyBuffer
{
    public void* Memory;
    public nint Exporter;
    public nint Length;
    public nint ItemSize;
    public int IsReadOnly;
    public int Dimensions;
    public byte* Format;
    public nint* Shape;
    public nint* Strides;
    public nint* SubOffsets;
    public void* Internal;

    /// <summary>Makes one at an address that stays; exporters may remember it.</summary>
    public static PyBuffer* Allocate() => (PyBuffer*)NativeMemory.AllocZeroed((nuint)sizeof(PyBuffer));

    /// <summary>Releases the object's memory and frees the structure.</summary>
    public static void Free(PyBuffer* view)
    {
        PyBuffers.Release(view);
        NativeMemory.Free(view);
    }
}
