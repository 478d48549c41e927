using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Mlops.DuckDb.Native;

/// <summary>Finds and loads the native library once for the process.</summary>
/// <remarks>
/// From a project reference the library lies beside the app; from a NuGet package under <c>runtimes/&lt;rid&gt;/native</c>, which the
/// host knows from the app's deps.json. A plug-in loaded from its own folder brings its own copy. Last comes the system's search path,
/// so that a platform without a packaged library can use an installed one.
/// </remarks>
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

    /// <summary>Lists the files that are tried, in order, for an app in one folder and this assembly in another (or the same).</summary>
    internal static IReadOnlyList<string> Candidates(string appFolder, string? assemblyFolder)
    {
        var architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            var other => other.ToString().ToUpperInvariant(),
        };
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var files = new List<string>();
        foreach (var folder in new[] { appFolder, assemblyFolder })
        {
            if (string.IsNullOrEmpty(folder)) continue;
            files.Add(Path.Combine(folder, FileName));
            files.Add(Path.Combine(folder, "runtimes", $"{system}-{architecture}", "native", FileName));
        }

        return [.. files.Distinct()];
    }

    /// <summary>Loads the first of the files that exists and loads, else asks the host and the system.</summary>
    /// <exception cref="DllNotFoundException">Nothing could be loaded; the message lists the places.</exception>
    internal static nint Load(IReadOnlyList<string> candidates, Func<nint> fallback)
    {
        var report = new StringBuilder();
        foreach (var file in candidates)
        {
            if (!File.Exists(file))
            {
                report.Append("\n  ").Append(file).Append(": no such file");
                continue;
            }

            try
            {
                return NativeLibrary.Load(file);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                report.Append("\n  ").Append(file).Append(": ").Append(error.Message.ReplaceLineEndings(" "));
            }
        }

        try
        {
            return fallback();
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new DllNotFoundException(
                $"DuckDB's native library {FileName} could not be loaded for {RuntimeInformation.RuntimeIdentifier}. Tried:{report}\n" +
                "  the app's native search path and the system's library path\n" +
                "The Mlops.DuckDb package holds it for linux-x64, linux-arm64, win-x64 and osx-arm64 (glibc, not musl). " +
                "Publish the app for one of these, or put DuckDB 1.5's own library for this platform beside the app.");
        }
    }

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != Name) return 0;
        lock (Gate)
        {
            if (_library == 0)
            {
                // Empty in a single-file app, whose libraries lie in the app folder anyway.
#pragma warning disable IL3000
                var assemblyFolder = Path.GetDirectoryName(assembly.Location);
#pragma warning restore IL3000
                _library = Load(Candidates(AppContext.BaseDirectory, assemblyFolder), () => NativeLibrary.Load(Name, assembly, searchPath));
            }

            return _library;
        }
    }
}
