using System.Runtime.InteropServices;

namespace Mlops.DuckDb.Native;

/// <summary>The C API's <c>duckdb_result</c>: deprecated members and one pointer. Passed by value to some functions.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    internal ulong ColumnCount;
    internal ulong RowCount;
    internal ulong RowsChanged;
    internal nint Columns;
    internal nint ErrorMessage;
    internal nint Internal;
}

/// <summary>Owns a <see cref="NativeResult"/> in native memory, so that its address is fixed for the calls that take one.</summary>
internal sealed unsafe class ResultHandle : SafeHandle
{
    internal ResultHandle() : base(0, ownsHandle: true) =>
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(NativeResult)));

    public override bool IsInvalid => handle == 0;

    /// <summary>Fetches the next chunk; null at the end and on an error, which <see cref="Api.duckdb_result_error"/> then gives.</summary>
    internal ChunkHandle Fetch()
    {
        var added = false;
        try
        {
            DangerousAddRef(ref added);
            return Api.duckdb_fetch_chunk(*(NativeResult*)handle);
        }
        finally
        {
            if (added) DangerousRelease();
        }
    }

    protected override bool ReleaseHandle()
    {
        Api.duckdb_destroy_result(handle);
        NativeMemory.Free((void*)handle);
        return true;
    }
}
