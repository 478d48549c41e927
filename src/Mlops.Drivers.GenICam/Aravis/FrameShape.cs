using Mlops.Drivers.GenICam.Aravis.Native;
using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>Size and pixel format of a frame.</summary>
internal readonly unsafe record struct FrameShape(int Width, int Height, PixelFormat Format)
{
    /// <summary>Returns what a frame says of itself.</summary>
    public static FrameShape Of(nint buffer) =>
        new(Arv.arv_buffer_get_image_width(buffer), Arv.arv_buffer_get_image_height(buffer), (PixelFormat)Arv.arv_buffer_get_image_pixel_format(buffer));

    /// <summary>Returns what the camera is set to: the frames of older ones that send chunks do not say it (payload type 4 of GigE Vision 1).</summary>
    public static FrameShape Of(CameraHandle camera)
    {
        GLib.ErrorRecord* error = null;
        Arv.arv_camera_get_region(camera, out _, out _, out int width, out int height, &error);
        if (AravisErrors.Take(ref error) is not null)
            return default;
        uint format = Arv.arv_camera_get_pixel_format(camera, &error);
        return AravisErrors.Take(ref error) is null ? new FrameShape(width, height, (PixelFormat)format) : default;
    }
}
