using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Aravis.Native;

/// <summary>A reference to an object of GLib's.</summary>
internal abstract class ObjectHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        GLib.g_object_unref(handle);
        return true;
    }
}

internal sealed class CameraHandle : ObjectHandle;

internal sealed class StreamHandle : ObjectHandle;

internal sealed class ChunkParserHandle : ObjectHandle;
