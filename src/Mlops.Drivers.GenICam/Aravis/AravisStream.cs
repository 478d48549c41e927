using Mlops.Drivers.GenICam.Aravis.Native;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>The frames of an open camera, in a fixed number of buffers.</summary>
/// <remarks>
/// A buffer is Aravis' while it is pushed and ours from when it was taken until it is pushed again. One that is given back after the
/// stream has ended is released instead; the gate decides which.
/// </remarks>
internal sealed unsafe class AravisStream : IFrameSource
{
    private readonly CameraHandle _camera;
    private readonly StreamHandle _handle;
    private readonly AravisFrame[] _frames;
    private readonly FrameChunks _chunks;
    private readonly FrameGaps _gaps = new();
    private readonly bool _isGigE;
    private readonly Lock _gate = new();
    private bool _isEnded;

    private AravisStream(CameraHandle camera, StreamHandle handle, int buffers, nuint size, FrameShape shape)
    {
        (_camera, _handle, Shape) = (camera, handle, shape);
        _isGigE = GLib.g_type_check_instance_is_a(handle.DangerousGetHandle(), Arv.arv_gv_stream_get_type()) != 0;
        _chunks = new FrameChunks(camera);
        _frames = new AravisFrame[buffers];
        for (int i = 0; i < buffers; i++)
        {
            _frames[i] = new AravisFrame(this);
            Arv.arv_stream_push_buffer(handle, Arv.arv_buffer_new_full(size, 0, i, 0));
        }
    }

    /// <summary>Gets what frames are when they do not say it themselves.</summary>
    public FrameShape Shape { get; }

    public StreamStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                if (_isEnded)
                    return default;
                Arv.arv_stream_get_statistics(_handle, out ulong completed, out ulong failures, out ulong underruns);

                // Of a GigE Vision camera Aravis counts each packet that finds no buffer. How many frames they were shows when the next one comes.
                long starved = _isGigE ? _gaps.Starved + (_gaps.IsStarving((long)underruns) ? 1 : 0) : (long)underruns;
                return new StreamStatistics((long)completed, (long)failures, starved, Count("n_resent_packets"), Count("n_missing_packets")) { Missed = _gaps.Missed };
            }
        }
    }

    /// <exception cref="CameraException">The camera cannot stream now.</exception>
    public static AravisStream Start(CameraHandle camera, string name, StreamOptions options)
    {
        GLib.ErrorRecord* error = null;
        if (Arv.arv_camera_is_gv_device(camera) != 0)
        {
            Arv.arv_camera_gv_set_stream_options(camera, options.PacketSocket ? 0 : Arv.NoPacketSocket);
            if (options.PacketSize == 0)
                Arv.arv_camera_gv_auto_packet_size(camera, &error);
            else if (options.PacketSize is { } bytes)
                Arv.arv_camera_gv_set_packet_size(camera, bytes, &error);
            AravisErrors.ThrowIf(ref error, name, $"cannot send packets of {(options.PacketSize == 0 ? "the largest size" : options.PacketSize + " bytes")}");
        }

        uint payload = Arv.arv_camera_get_payload(camera, &error);
        AravisErrors.ThrowIf(ref error, name, "does not tell how large its frames are");
        FrameShape shape = FrameShape.Of(camera);
        StreamHandle handle = Arv.arv_camera_create_stream(camera, 0, 0, &error);
        try
        {
            AravisErrors.ThrowIf(ref error, name, "cannot open a stream");
            Configure(handle, options);
            var stream = new AravisStream(camera, handle, options.Buffers, payload, shape);
            Arv.arv_camera_start_acquisition(camera, &error);
            AravisErrors.ThrowIf(ref error, name, "does not start taking frames");
            return stream;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public CameraFrame? Take(TimeSpan timeout)
    {
        nint buffer = Arv.arv_stream_timeout_pop_buffer(_handle, (ulong)timeout.TotalMicroseconds);
        if (buffer == 0)
            return null;
        CameraFrame frame = _frames[Arv.arv_buffer_get_user_data(buffer)].Fill(buffer);
        if (_isGigE)
            Note(frame);
        return frame;
    }

    /// <summary>Reads a chunk; <see langword="null"/> when the frame has none of that name, or the stream has ended.</summary>
    public double? Chunk(nint buffer, string name)
    {
        lock (_gate)
            return _isEnded ? null : _chunks.Read(buffer, name);
    }

    public void GiveBack(nint buffer)
    {
        lock (_gate)
        {
            if (_isEnded)
                GLib.g_object_unref(buffer);
            else
                Arv.arv_stream_push_buffer(_handle, buffer);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isEnded)
                return;
            _isEnded = true;
        }

        // A camera that is lost cannot be told to stop; that it is then does not matter.
        GLib.ErrorRecord* error = null;
        Arv.arv_camera_stop_acquisition(_camera, &error);
        AravisErrors.Take(ref error);
        _handle.Dispose();
        _chunks.Dispose();
    }

    private void Note(CameraFrame frame)
    {
        lock (_gate)
        {
            if (!frame.IsComplete)
            {
                _gaps.AddIncomplete();
                return;
            }

            Arv.arv_stream_get_statistics(_handle, out _, out _, out ulong refused);
            _gaps.AddComplete(frame.Number, (long)refused);
        }
    }

    private static void Configure(StreamHandle handle, StreamOptions options)
    {
        nint stream = handle.DangerousGetHandle();
        if (GLib.g_type_check_instance_is_a(stream, Arv.arv_gv_stream_get_type()) == 0)
            return;
        Set(stream, "socket-buffer", Arv.arv_gv_stream_socket_buffer_get_type(), Arv.FixedSocketBuffer);
        Set(stream, "socket-buffer-size", GLib.IntType, options.SocketBuffer);
        Set(stream, "packet-resend", Arv.arv_gv_stream_packet_resend_get_type(), options.Resend ? 1 : 0);
    }

    private static void Set(nint instance, string name, nuint type, int number)
    {
        GLib.Value value = default;
        GLib.g_value_init(&value, type);
        if (type == GLib.IntType)
            GLib.g_value_set_int(&value, number);
        else
            GLib.g_value_set_enum(&value, number);
        GLib.g_object_set_property(instance, name, &value);
    }

    private long Count(string name) => _isGigE ? (long)Arv.arv_stream_get_info_uint64_by_name(_handle, name) : 0;
}
