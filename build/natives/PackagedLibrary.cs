using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Mlops.Natives;

/// <summary>Finds and loads a native library that a package of ours carries. Compiled into each assembly that carries one.</summary>
/// <remarks>
/// From a project reference the library lies beside the app; from a NuGet package under <c>runtimes/&lt;rid&gt;/native</c>, which the
/// host knows from the app's deps.json. A plug-in loaded from its own folder brings its own copy. Last comes the system's search path,
/// so that a platform without a packaged library can use an installed one.
/// </remarks>
internal static class PackagedLibrary
{
    /// <summary>Returns the folder of an assembly; null in a single-file app, whose libraries lie in the app folder anyway.</summary>
#pragma warning disable IL3000 // Empty in a single-file app, which is expected.
    internal static string? FolderOf(Assembly assembly) => Path.GetDirectoryName(assembly.Location);
#pragma warning restore IL3000

    /// <summary>Lists the files that are tried, in order, for an app in one folder and the assembly in another (or the same).</summary>
    internal static IReadOnlyList<string> Candidates(string fileName, string appFolder, string? assemblyFolder)
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
            files.Add(Path.Combine(folder, fileName));
            files.Add(Path.Combine(folder, "runtimes", $"{system}-{architecture}", "native", fileName));
        }

        return [.. files.Distinct()];
    }

    /// <summary>Loads the first of the files that exists and loads, else asks the host and the system.</summary>
    /// <exception cref="DllNotFoundException">Nothing could be loaded; the message lists the places.</exception>
    internal static nint Load(string fileName, IReadOnlyList<string> candidates, Func<nint> fallback, string engine, string remedy)
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
                $"{engine}'s native library {fileName} could not be loaded for {RuntimeInformation.RuntimeIdentifier}. Tried:{report}\n" +
                "  the app's native search path and the system's library path\n" + remedy);
        }
    }
}
