using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Aravis.Native;

internal static unsafe partial class Arv
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint arv_device_get_feature(nint device, string name);

    [LibraryImport(Library)]
    internal static partial nint arv_gc_feature_node_get_display_name(nint node);

    [LibraryImport(Library)]
    internal static partial nint arv_gc_feature_node_get_tooltip(nint node);

    [LibraryImport(Library)]
    internal static partial nint arv_gc_feature_node_get_description(nint node);

    [LibraryImport(Library)]
    internal static partial int arv_gc_feature_node_get_actual_access_mode(nint node);

    [LibraryImport(Library)]
    internal static partial int arv_gc_feature_node_is_implemented(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial int arv_gc_feature_node_is_available(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial int arv_gc_feature_node_is_locked(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial GLib.ListEntry* arv_gc_category_get_features(nint node);

    [LibraryImport(Library)]
    internal static partial long arv_gc_integer_get_value(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial long arv_gc_integer_get_min(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial long arv_gc_integer_get_max(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial long arv_gc_integer_get_inc(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nint arv_gc_integer_get_unit(nint node);

    [LibraryImport(Library)]
    internal static partial void arv_gc_integer_set_value(nint node, long value, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial double arv_gc_float_get_value(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial double arv_gc_float_get_min(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial double arv_gc_float_get_max(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nint arv_gc_float_get_unit(nint node);

    [LibraryImport(Library)]
    internal static partial void arv_gc_float_set_value(nint node, double value, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial int arv_gc_boolean_get_value(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial void arv_gc_boolean_set_value(nint node, int value, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nint arv_gc_enumeration_get_string_value(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int arv_gc_enumeration_set_string_value(nint node, string value, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nint* arv_gc_enumeration_dup_available_string_values(nint node, out uint count, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nint arv_gc_string_get_value(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void arv_gc_string_set_value(nint node, string value, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial void arv_gc_command_execute(nint node, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nuint arv_gc_category_get_type();

    [LibraryImport(Library)]
    internal static partial nuint arv_gc_enumeration_get_type();

    [LibraryImport(Library)]
    internal static partial nuint arv_gc_boolean_get_type();

    [LibraryImport(Library)]
    internal static partial nuint arv_gc_command_get_type();

    [LibraryImport(Library)]
    internal static partial nuint arv_gc_float_get_type();

    [LibraryImport(Library)]
    internal static partial nuint arv_gc_integer_get_type();

    [LibraryImport(Library)]
    internal static partial nuint arv_gc_string_get_type();
}
