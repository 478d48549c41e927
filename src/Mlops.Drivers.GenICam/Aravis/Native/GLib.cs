using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Aravis.Native;

/// <summary>What is used of GLib and its objects.</summary>
internal static unsafe partial class GLib
{
    /// <summary>GType of <c>gint</c>: fundamental type 6.</summary>
    public const nuint IntType = 6 << 2;

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_free(nint memory);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_error_free(ErrorRecord* error);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial void g_object_unref(nint instance);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial int g_type_check_instance_is_a(nint instance, nuint type);

    [LibraryImport(NativeLibraries.GObject, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nuint g_signal_connect_data(nint instance, string signal, delegate* unmanaged[Cdecl]<nint, nint, void> handler, nint data, nint destroy, int flags);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial void g_signal_handler_disconnect(nint instance, nuint handler);

    [LibraryImport(NativeLibraries.GObject, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void g_object_set_property(nint instance, string name, Value* value);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial Value* g_value_init(Value* value, nuint type);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial void g_value_set_int(Value* value, int number);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial void g_value_set_enum(Value* value, int number);

    /// <summary>GError.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ErrorRecord
    {
        public uint Domain;
        public int Code;
        public nint Message;
    }

    /// <summary>GSList.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ListEntry
    {
        public nint Data;
        public ListEntry* Next;
    }

    /// <summary>GValue.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Value
    {
        public nuint Type;
        public ulong First;
        public ulong Second;
    }
}
