using Mlops.Drivers.GenICam.Aravis.Native;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>One buffer of a stream and, while it is filled, the frame in it. Made once for each buffer.</summary>
internal sealed unsafe class AravisFrame(AravisStream stream) : CameraFrame
{
    private nint _buffer;

    /// <summary>Fills in what came.</summary>
    public CameraFrame Fill(nint buffer)
    {
        _buffer = buffer;
        Data = Arv.arv_buffer_get_data(buffer, out nuint size);
        Length = checked((int)size);
        Number = Arv.arv_buffer_get_frame_id(buffer);
        CameraTime = Arv.arv_buffer_get_timestamp(buffer);
        HostTime = (long)Arv.arv_buffer_get_system_timestamp(buffer);
        IsComplete = Arv.arv_buffer_get_status(buffer) == Arv.BufferComplete;

        // The packet that tells what the picture is may be the one that is missing.
        (Width, Height, Format) = !IsComplete ? default
            : Arv.arv_buffer_get_n_parts(buffer) > 0 ? FrameShape.Of(buffer)
            : stream.Shape;

        // Chunks follow the pixels in the buffer.
        if (PixelLayout.TryFind(Format, out _))
            Length = (int)Math.Min(Length, PixelLayout.Size(Format, Width, Height));
        Begin();
        return this;
    }

    public override double? Chunk(string name) => Arv.arv_buffer_has_chunks(_buffer) != 0 ? stream.Chunk(_buffer, name) : null;

    protected override void GiveBack() => stream.GiveBack(Interlocked.Exchange(ref _buffer, 0));
}
