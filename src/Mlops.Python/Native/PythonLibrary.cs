using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Mlops.Python.Native;

/// <summary>
/// Loads the one libpython of this process. All declarations in this folder belong to the limited API, or were part of every
/// libpython before they entered it, so that one assembly serves 3.9 and all later versions.
/// </summary>
internal static partial class PythonLibrary
{
    public const string Name = "python3";

    private const int ResolveNow = 2;
    private static nint s_handle;

    /// <summary>Loads a library without using it yet and returns its handle.</summary>
    /// <remarks>
    /// Extension modules are not linked against libpython: they find its symbols only when it was loaded globally, which
    /// NativeLibrary.Load does not do.
    /// </remarks>
    public static nint Load(string path) => OperatingSystem.IsWindows() ? NativeLibrary.Load(path) : LoadGlobally(path);

    /// <summary>Returns the version that a loaded library tells, for example 3.11.2.</summary>
    public static unsafe string VersionOf(nint handle)
    {
        var getVersion = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(handle, "Py_GetVersion");
        return (Marshal.PtrToStringUTF8(getVersion()) ?? "").Split(' ')[0];
    }

    /// <summary>Makes a loaded library the one that all declarations mean. Call once, before any of them.</summary>
    public static void Use(nint handle)
    {
        s_handle = handle;
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Name ? s_handle : 0);
    }

    /// <summary>Returns the address of a variable or function, or zero when this version does not have it.</summary>
    public static nint Find(string symbol) => NativeLibrary.TryGetExport(s_handle, symbol, out var address) ? address : 0;

    /// <summary>Returns the object in a variable such as PyExc_BaseException.</summary>
    public static unsafe nint ObjectIn(string variable) => *(nint*)NativeLibrary.GetExport(s_handle, variable);

    /// <summary>Returns the object that is a variable, such as _Py_NoneStruct.</summary>
    public static nint ObjectAt(string variable) => NativeLibrary.GetExport(s_handle, variable);

    private static nint LoadGlobally(string path)
    {
        var flags = ResolveNow | (OperatingSystem.IsMacOS() ? 0x8 : 0x100);
        nint handle;
        string? error;
        try
        {
            handle = OpenInLibc(path, flags);
            error = handle == 0 ? Marshal.PtrToStringUTF8(ErrorInLibc()) : null;
        }
        catch (EntryPointNotFoundException)
        {
            // glibc before 2.34 has them in a library of their own.
            handle = OpenInLibdl(path, flags);
            error = handle == 0 ? Marshal.PtrToStringUTF8(ErrorInLibdl()) : null;
        }

        return handle != 0 ? handle : throw new DllNotFoundException($"Python's shared library could not be loaded: {error ?? path}");
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenInLibc(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint ErrorInLibc();

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenInLibdl(string path, int flags);

    [LibraryImport("libdl.so.2", EntryPoint = "dlerror")]
    private static partial nint ErrorInLibdl();
}
