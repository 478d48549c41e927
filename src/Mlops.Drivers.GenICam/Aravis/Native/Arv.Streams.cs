using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Aravis.Native;

internal static unsafe partial class Arv
{
    /// <summary>ARV_BUFFER_STATUS_SUCCESS.</summary>
    internal const int BufferComplete = 0;

    /// <summary>ARV_GV_STREAM_SOCKET_BUFFER_FIXED.</summary>
    internal const int FixedSocketBuffer = 0;

    /// <summary>ARV_GV_STREAM_OPTION_PACKET_SOCKET_DISABLED.</summary>
    internal const int NoPacketSocket = 1;

    [LibraryImport(Library)]
    internal static partial uint arv_camera_get_payload(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial void arv_camera_get_region(CameraHandle camera, out int x, out int y, out int width, out int height, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial uint arv_camera_get_pixel_format(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial StreamHandle arv_camera_create_stream(CameraHandle camera, nint callback, nint data, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial void arv_camera_start_acquisition(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial void arv_camera_stop_acquisition(CameraHandle camera, GLib.ErrorRecord** error);

    [LibraryImport(Library)]
    internal static partial nint arv_buffer_new_full(nuint size, nint preallocated, nint data, nint destroy);

    [LibraryImport(Library)]
    internal static partial nint arv_buffer_get_user_data(nint buffer);

    [LibraryImport(Library)]
    internal static partial int arv_buffer_get_status(nint buffer);

    [LibraryImport(Library)]
    internal static partial byte* arv_buffer_get_data(nint buffer, out nuint size);

    [LibraryImport(Library)]
    internal static partial uint arv_buffer_get_n_parts(nint buffer);

    [LibraryImport(Library)]
    internal static partial int arv_buffer_get_image_width(nint buffer);

    [LibraryImport(Library)]
    internal static partial int arv_buffer_get_image_height(nint buffer);

    [LibraryImport(Library)]
    internal static partial uint arv_buffer_get_image_pixel_format(nint buffer);

    [LibraryImport(Library)]
    internal static partial ulong arv_buffer_get_frame_id(nint buffer);

    [LibraryImport(Library)]
    internal static partial ulong arv_buffer_get_timestamp(nint buffer);

    [LibraryImport(Library)]
    internal static partial ulong arv_buffer_get_system_timestamp(nint buffer);

    [LibraryImport(Library)]
    internal static partial int arv_buffer_has_chunks(nint buffer);

    [LibraryImport(Library)]
    internal static partial void arv_stream_push_buffer(StreamHandle stream, nint buffer);

    [LibraryImport(Library)]
    internal static partial nint arv_stream_timeout_pop_buffer(StreamHandle stream, ulong microseconds);

    [LibraryImport(Library)]
    internal static partial void arv_stream_get_statistics(StreamHandle stream, out ulong completed, out ulong failures, out ulong underruns);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ulong arv_stream_get_info_uint64_by_name(StreamHandle stream, string name);

    [LibraryImport(Library)]
    internal static partial nuint arv_gv_stream_get_type();

    [LibraryImport(Library)]
    internal static partial nuint arv_gv_stream_socket_buffer_get_type();

    [LibraryImport(Library)]
    internal static partial nuint arv_gv_stream_packet_resend_get_type();
}
