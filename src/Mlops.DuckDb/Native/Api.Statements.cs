using System.Runtime.InteropServices;

namespace Mlops.DuckDb.Native;

internal static partial class Api
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ulong duckdb_extract_statements(ConnectionHandle connection, string query, out ExtractedHandle extracted);

    [LibraryImport(Library)]
    internal static partial int duckdb_prepare_extracted_statement(ConnectionHandle connection, ExtractedHandle extracted, ulong index, out PreparedHandle prepared);

    [LibraryImport(Library)]
    internal static partial nint duckdb_extract_statements_error(ExtractedHandle extracted);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_extracted(ref nint extracted);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_prepare(ConnectionHandle connection, string query, out PreparedHandle prepared);

    [LibraryImport(Library)]
    internal static partial nint duckdb_prepare_error(PreparedHandle prepared);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_prepare(ref nint prepared);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_nparams(PreparedHandle prepared);

    [LibraryImport(Library)]
    internal static partial nint duckdb_parameter_name(PreparedHandle prepared, ulong index);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_bind_parameter_index(PreparedHandle prepared, out ulong index, string name);

    [LibraryImport(Library)]
    internal static partial int duckdb_clear_bindings(PreparedHandle prepared);

    [LibraryImport(Library)]
    internal static partial int duckdb_bind_boolean(PreparedHandle prepared, ulong index, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Library)]
    internal static partial int duckdb_bind_int64(PreparedHandle prepared, ulong index, long value);

    [LibraryImport(Library)]
    internal static partial int duckdb_bind_double(PreparedHandle prepared, ulong index, double value);

    [LibraryImport(Library)]
    internal static unsafe partial int duckdb_bind_blob(PreparedHandle prepared, ulong index, byte* data, ulong length);

    [LibraryImport(Library)]
    internal static partial int duckdb_bind_null(PreparedHandle prepared, ulong index);

    [LibraryImport(Library)]
    internal static partial int duckdb_bind_value(PreparedHandle prepared, ulong index, ValueHandle value);

    /// <remarks>In C the argument is a struct of one int64, which every supported ABI passes like an int64.</remarks>
    [LibraryImport(Library)]
    internal static partial ValueHandle duckdb_create_timestamp_ns(long nanoseconds);

    [LibraryImport(Library)]
    internal static unsafe partial ValueHandle duckdb_create_varchar_length(byte* text, ulong length);

    [LibraryImport(Library)]
    internal static unsafe partial ValueHandle duckdb_create_list_value(LogicalTypeHandle elementType, nint* values, ulong count);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_value(ref nint value);
}
