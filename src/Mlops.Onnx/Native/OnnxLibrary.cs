using System.Reflection;
using System.Runtime.InteropServices;
using Mlops.Natives;

namespace Mlops.Onnx.Native;

/// <summary>Finds and loads ONNX Runtime's library once for the process, and the table of its functions.</summary>
internal static unsafe class OnnxLibrary
{
    private const string Name = "onnxruntime";

    /// <summary>The version of the table that this binding was written against; a library of that version or a newer one has it.</summary>
    private const uint ApiVersion = 18;

    private static readonly Lazy<nint> s_library = new(Load);

    internal static string FileName =>
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";

    /// <summary>Returns the table of functions.</summary>
    /// <exception cref="DllNotFoundException">The library could not be loaded, or is too old.</exception>
    internal static nint* Functions()
    {
        var getBase = (delegate* unmanaged<ApiBase*>)NativeLibrary.GetExport(s_library.Value, "OrtGetApiBase");
        ApiBase* entry = getBase();
        nint* functions = entry->GetApi(ApiVersion);
        return functions != null ? functions : throw new DllNotFoundException(
            $"ONNX Runtime {Marshal.PtrToStringUTF8(entry->GetVersion())} is too old: version {ApiVersion} of its C API is needed, which 1.{ApiVersion} has. Put a newer {FileName} beside the app.");
    }

    /// <summary>Returns the library's version, for example <c>1.30.0</c>.</summary>
    internal static string Version() =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged<ApiBase*>)NativeLibrary.GetExport(s_library.Value, "OrtGetApiBase"))()->GetVersion()) ?? "";

    private static nint Load()
    {
        Assembly assembly = typeof(OnnxLibrary).Assembly;
        return PackagedLibrary.Load(
            FileName,
            PackagedLibrary.Candidates(FileName, AppContext.BaseDirectory, PackagedLibrary.FolderOf(assembly)),
            () => NativeLibrary.Load(Name, assembly, null),
            "ONNX Runtime",
            "The Mlops.Onnx package holds it for linux-x64, linux-arm64, win-x64 and osx-arm64 (glibc, not musl). "
            + "Publish the app for one of these, or put ONNX Runtime's own library for this platform beside the app.");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ApiBase
    {
        public delegate* unmanaged<uint, nint*> GetApi;
        public delegate* unmanaged<nint> GetVersion;
    }
}
