using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Aravis.Native;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>Turns what Aravis reports into texts and exceptions.</summary>
internal static unsafe class AravisErrors
{
    /// <summary>Takes what went wrong in a call, if anything did, and frees it.</summary>
    public static string? Take(ref GLib.ErrorRecord* error)
    {
        if (error is null)
            return null;
        string text = Marshal.PtrToStringUTF8(error->Message)?.TrimEnd('.') ?? "no reason was given";
        GLib.g_error_free(error);
        error = null;
        return text;
    }

    /// <exception cref="CameraException">Something went wrong in the call.</exception>
    public static void ThrowIf(ref GLib.ErrorRecord* error, string camera, string action)
    {
        if (Take(ref error) is { } reason)
            throw new CameraException($"Camera '{camera}' {action}: {reason}.");
    }

    public static string? Text(nint utf8) => utf8 == 0 ? null : Marshal.PtrToStringUTF8(utf8);
}
