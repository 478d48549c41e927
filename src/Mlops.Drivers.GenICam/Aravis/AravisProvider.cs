using Mlops.Drivers.GenICam.Aravis.Native;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>Finds and opens GigE Vision and USB3 Vision cameras through Aravis.</summary>
/// <remarks>Aravis keeps one list of devices for the process; the gate keeps a search from renewing it while it is read.</remarks>
internal sealed unsafe class AravisProvider : ICameraProvider
{
    private static readonly Lock Gate = new();

    public AravisProvider(GenICamOptions options)
    {
        if (!options.SimulatedCamera || !NativeLibraries.IsInstalled(NativeLibraries.Aravis))
            return;
        lock (Gate)
            Arv.arv_enable_interface("Fake");
    }

    public string Name => "aravis";

    public IReadOnlyList<CameraInfo> Discover()
    {
        ThrowIfMissing();
        lock (Gate)
        {
            Arv.arv_update_device_list();
            var found = new List<CameraInfo>();
            for (uint i = 0; i < Arv.arv_get_n_devices(); i++)
            {
                if (AravisErrors.Text(Arv.arv_get_device_id(i)) is not { } id)
                    continue;
                found.Add(new CameraInfo(id)
                {
                    Vendor = AravisErrors.Text(Arv.arv_get_device_vendor(i)),
                    Model = AravisErrors.Text(Arv.arv_get_device_model(i)),
                    SerialNumber = AravisErrors.Text(Arv.arv_get_device_serial_nbr(i)),
                    Address = AravisErrors.Text(Arv.arv_get_device_address(i)),
                    Protocol = AravisErrors.Text(Arv.arv_get_device_protocol(i)),
                });
            }

            return found;
        }
    }

    public ICamera Open(string camera)
    {
        ThrowIfMissing();
        string? reason = TryOpen(camera, out CameraHandle handle);
        if (reason is not null)
        {
            // Not by id, address or user's name: then perhaps by serial number.
            CameraInfo[] found = [.. Discover()];
            if (found.FirstOrDefault(c => c.SerialNumber == camera) is not { } named || TryOpen(named.Id, out handle) is not null)
                throw new CameraException($"Camera '{camera}' was not found: {reason}. {Answering(found)}");
        }

        return AravisCamera.Take(handle, camera);
    }

    private static string Answering(CameraInfo[] found) => found.Length == 0
        ? "No camera answers at all: check power, cable, and that the computer's address is in the camera's network."
        : $"These answer: {string.Join(", ", found.Select(c => $"'{c.Id}'"))}.";

    private static string? TryOpen(string name, out CameraHandle handle)
    {
        GLib.ErrorRecord* error = null;
        lock (Gate)
            handle = Arv.arv_camera_new(name, &error);
        string? reason = AravisErrors.Take(ref error);
        return handle.IsInvalid ? reason ?? "it does not answer" : null;
    }

    private static void ThrowIfMissing()
    {
        if (NativeLibraries.IsInstalled(NativeLibraries.Aravis))
            return;
        string remedy = OperatingSystem.IsLinux() ? "On Debian and Ubuntu: apt-get install libaravis-0.8-0" : "Install Aravis 0.8 (https://aravisproject.github.io/aravis/)";
        throw new CameraException($"Cameras need the library Aravis 0.8, which is not installed. {remedy}.") { IsWrongSetting = true };
    }
}
