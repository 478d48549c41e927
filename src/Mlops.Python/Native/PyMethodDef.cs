using System.Runtime.InteropServices;

namespace Mlops.Python.Native;

/// <summary>Describes a native function to Python; has to stay in memory as long as the function object.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyMethodDef
{
    public const int PositionalArguments = 1;

    public byte* Name;
    public delegate* unmanaged[Cdecl]<nint, nint, nint> Function;
    public int Flags;
    public byte* Documentation;
}
