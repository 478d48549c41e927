using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Aravis.Native;

/// <summary>What is used of Aravis 0.8 (arv.h).</summary>
internal static unsafe partial class Arv
{
    private const string Library = NativeLibraries.Aravis;

    [LibraryImport(Library)]
    internal static partial void arv_update_device_list();

    [LibraryImport(Library)]
    internal static partial uint arv_get_n_devices();

    [LibraryImport(Library)]
    internal static partial nint arv_get_device_id(uint index);

    [LibraryImport(Library)]
    internal static partial nint arv_get_device_vendor(uint index);

    [LibraryImport(Library)]
    internal static partial nint arv_get_device_model(uint index);

    [LibraryImport(Library)]
    internal static partial nint arv_get_device_serial_nbr(uint index);

    [LibraryImport(Library)]
    internal static partial nint arv_get_device_address(uint index);

    [LibraryImport(Library)]
    internal static partial nint arv_get_device_protocol(uint index);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void arv_enable_interface(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void arv_disable_interface(string name);

    /// <summary>Returns what was given when there is no other name: the memory stays the caller's.</summary>
    [LibraryImport(Library)]
    internal static partial nint arv_vendor_alias_lookup(nint vendor);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial CameraHandle arv_camera_new(string name, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nint arv_camera_get_device(CameraHandle camera);

    [LibraryImport(Library)]
    internal static partial nint arv_camera_get_vendor_name(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nint arv_camera_get_model_name(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nint arv_camera_get_device_serial_number(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial void arv_camera_set_frame_rate(CameraHandle camera, double rate, GLib.ErrorRecord** error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void arv_camera_set_trigger(CameraHandle camera, string source, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial void arv_camera_clear_triggers(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial void arv_camera_software_trigger(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial ChunkParserHandle arv_camera_create_chunk_parser(CameraHandle camera);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial double arv_chunk_parser_get_float_value(ChunkParserHandle parser, nint buffer, string chunk, GLib.ErrorRecord** error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial long arv_chunk_parser_get_integer_value(ChunkParserHandle parser, nint buffer, string chunk, GLib.ErrorRecord** error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int arv_chunk_parser_get_boolean_value(ChunkParserHandle parser, nint buffer, string chunk, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial int arv_camera_is_gv_device(CameraHandle camera);

    [LibraryImport(Library)]
    internal static partial int arv_gv_device_is_controller(nint device);

    [LibraryImport(Library)]
    internal static partial void arv_camera_gv_set_packet_size(CameraHandle camera, int bytes, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial uint arv_camera_gv_auto_packet_size(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial void arv_camera_gv_set_stream_options(CameraHandle camera, int options);
}
