using System.Collections.Concurrent;
using System.Net;
using Mlops.Drivers.GenICam.Aravis.Native;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>Finds and opens GigE Vision and USB3 Vision cameras through Aravis.</summary>
internal sealed unsafe class AravisProvider : ICameraProvider
{
    private const string SimulatedId = "Fake_1";

    // What names have led to: a camera that is opened again need not be searched.
    private readonly ConcurrentDictionary<string, string> _ids = new();

    public AravisProvider(GenICamOptions options)
    {
        if (!options.SimulatedCamera || !NativeLibraries.IsInstalled(NativeLibraries.Aravis))
            return;
        lock (AravisGate.Process)
            Arv.arv_enable_interface("Fake");
        _ids[SimulatedId] = SimulatedId;
    }

    public string Name => "aravis";

    public IReadOnlyList<CameraInfo> Discover()
    {
        ThrowIfMissing();
        lock (AravisGate.Process)
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
        string? tried = _ids.GetValueOrDefault(camera) ?? (IsAddress(camera) ? camera : null);
        string? reason = null;
        if (tried is not null && (reason = TryOpen(tried, out CameraHandle known)) is null)
            return AravisCamera.Take(known, camera);

        // A search first: Aravis does not open by serial number, and would take one of digits alone for an address, any text for the name of a host.
        CameraInfo[] found = [.. Discover()];
        string id = found.FirstOrDefault(c => c.SerialNumber == camera)?.Id ?? camera;
        if (id != tried && (reason = TryOpen(id, out CameraHandle handle)) is null)
        {
            _ids[camera] = id;
            return AravisCamera.Take(handle, camera);
        }

        throw new CameraException($"Camera '{camera}' was not found: {reason}. {Answering(found)}");
    }

    private static bool IsAddress(string camera) => camera.Contains('.', StringComparison.Ordinal) && IPAddress.TryParse(camera, out _);

    private static string Answering(CameraInfo[] found) => found.Length == 0
        ? "No camera answers at all: check power, cable, and that the computer's address is in the camera's network."
        : $"These answer: {string.Join(", ", found.Select(c => $"'{c.Id}'"))}.";

    private static string? TryOpen(string name, out CameraHandle handle)
    {
        GLib.ErrorRecord* error = null;
        lock (AravisGate.Process)
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
