using System.Runtime.InteropServices;

namespace Mlops.DuckDb.Native;

// One SafeHandle a native object: the reference count that the marshaller takes around each call keeps an object alive while
// another thread disposes of it (an interrupt during Dispose, say). DuckDB's own objects hold shared pointers to what they need
// (a connection to its database, a statement to its connection's context), so the order of release does not matter to it.

internal sealed class DatabaseHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_close(ref handle);
}

internal sealed class ConfigHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_destroy_config(ref handle);
}

internal sealed class ConnectionHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_disconnect(ref handle);
}

internal sealed class ExtractedHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_destroy_extracted(ref handle);
}

internal sealed class PreparedHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_destroy_prepare(ref handle);
}

internal sealed class PendingHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_destroy_pending(ref handle);
}

internal sealed class ChunkHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_destroy_data_chunk(ref handle);
}

internal sealed class LogicalTypeHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_destroy_logical_type(ref handle);
}

internal sealed class ValueHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_destroy_value(ref handle);
}

internal sealed class ErrorDataHandle : NativeHandle
{
    protected override void Free(ref nint handle) => Api.duckdb_destroy_error_data(ref handle);
}

internal sealed class AppenderHandle : NativeHandle
{
    protected override void Free(ref nint handle)
    {
        // Destroying flushes, which cannot report a failure: what the caller did not flush is dropped first.
        _ = Api.duckdb_appender_clear(handle);
        _ = Api.duckdb_appender_destroy(ref handle);
    }
}

/// <summary>Base of the handles: a pointer that a function of the C API destroys and sets to null.</summary>
internal abstract class NativeHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected abstract void Free(ref nint handle);

    protected override bool ReleaseHandle()
    {
        Free(ref handle);
        return true;
    }
}
