using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mlops.Natives;

namespace Mlops.DuckDb.Native;

/// <summary>Finds and loads the native library once for the process.</summary>
internal static class DuckDbLibrary
{
    internal const string Name = "duckdb";

    private static readonly Lock Gate = new();
    private static nint _library;

#pragma warning disable CA2255 // The resolver must be there before the first P/Invoke of this assembly, whoever makes it.
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(DuckDbLibrary).Assembly, Resolve);
#pragma warning restore CA2255

    internal static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    /// <summary>Lists the files that are tried, in order.</summary>
    internal static IReadOnlyList<string> Candidates(string appFolder, string? assemblyFolder) => PackagedLibrary.Candidates(FileName, appFolder, assemblyFolder);

    /// <summary>Loads the first of the files that exists and loads, else asks the host and the system.</summary>
    /// <exception cref="DllNotFoundException">Nothing could be loaded; the message lists the places.</exception>
    internal static nint Load(IReadOnlyList<string> candidates, Func<nint> fallback) => PackagedLibrary.Load(
        FileName,
        candidates,
        fallback,
        "DuckDB",
        "The Mlops.DuckDb package holds it for linux-x64, linux-arm64, win-x64 and osx-arm64 (glibc, not musl). " +
        "Publish the app for one of these, or put DuckDB 1.5's own library for this platform beside the app.");

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != Name) return 0;
        lock (Gate)
        {
            if (_library == 0)
                _library = Load(Candidates(AppContext.BaseDirectory, PackagedLibrary.FolderOf(assembly)), () => NativeLibrary.Load(Name, assembly, searchPath));
            return _library;
        }
    }
}
