using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Mlops.DuckDb.Native;

/// <summary>
/// Declarations of DuckDB's C API (duckdb.h), under their own names, by area in the files beside this one.
/// </summary>
/// <remarks>
/// Every function used is outside the header's deprecated set but one: no other call than <c>duckdb_pending_prepared_streaming</c>
/// gives a result that is not materialized first. Functions that only read a field skip the transition out of managed code.
/// </remarks>
[SuppressMessage("Style", "IDE1006", Justification = "The names are those of duckdb.h.")]
[SuppressMessage("Naming", "CA1707", Justification = "The names are those of duckdb.h.")]
internal static partial class Api
{
    /// <summary>The value of <c>duckdb_state</c> for success; anything else is a failure.</summary>
    internal const int Success = 0;

    private const string Library = DuckDbLibrary.Name;

    [LibraryImport(Library)]
    internal static partial nint duckdb_library_version();

    [LibraryImport(Library)]
    internal static partial ulong duckdb_vector_size();

    [LibraryImport(Library)]
    internal static partial void duckdb_free(nint memory);

    /// <summary>Reads a text that stays the engine's.</summary>
    internal static string? Text(nint utf8) => Marshal.PtrToStringUTF8(utf8);

    /// <summary>Reads a text that the engine gave away, and frees it.</summary>
    internal static string? TakeText(nint utf8)
    {
        var text = Marshal.PtrToStringUTF8(utf8);
        if (utf8 != 0) duckdb_free(utf8);
        return text;
    }
}
