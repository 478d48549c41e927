using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam;

/// <summary>Finds the installed libraries by the names that systems give them; each is loaded once.</summary>
internal static class NativeLibraries
{
    public const string Aravis = "aravis-0.8";
    public const string GObject = "gobject-2.0";
    public const string GLib = "glib-2.0";
    public const string TurboJpeg = "turbojpeg";

    // Debian's names carry the version of the interface; a plain .so comes only with packages for developers.
    private static readonly Dictionary<string, (string Linux, string Mac, string Windows)> Files = new(StringComparer.Ordinal)
    {
        [Aravis] = ("libaravis-0.8.so.0", "libaravis-0.8.0.dylib", "libaravis-0.8-0.dll"),
        [GObject] = ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"),
        [GLib] = ("libglib-2.0.so.0", "libglib-2.0.0.dylib", "libglib-2.0-0.dll"),
        [TurboJpeg] = ("libturbojpeg.so.0", "libturbojpeg.0.dylib", "libturbojpeg.dll"),
    };

#pragma warning disable CA2255 // The resolver must be there before the first P/Invoke of this assembly, whoever makes it.
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
#pragma warning restore CA2255

    /// <summary>Tells whether a library is there.</summary>
    public static bool IsInstalled(string name) => Resolve(name, typeof(NativeLibraries).Assembly, null) != 0;

    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        if (!Files.TryGetValue(name, out (string Linux, string Mac, string Windows) files))
            return 0;
        string file = OperatingSystem.IsWindows() ? files.Windows : OperatingSystem.IsMacOS() ? files.Mac : files.Linux;
        return NativeLibrary.TryLoad(file, assembly, path, out nint library) ? library : 0;
    }
}
