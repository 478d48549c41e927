using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Aravis.Native;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.GigE;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>
/// Opens GigE Vision and USB3 Vision cameras through Aravis. Cameras of the network are looked for by <see cref="GigESearch"/>: Aravis is asked
/// for one only after it has answered, so that one that is not there delays no other.
/// </summary>
internal sealed unsafe class AravisProvider : ICameraProvider
{
    private const string Network = "GigEVision";

    // What names of cameras in the network have led to: they are asked there first, and Aravis is not searched for them.
    private readonly ConcurrentDictionary<string, IPAddress> _addresses = new();

    public AravisProvider(GenICamOptions options)
    {
        if (!options.SimulatedCamera || !NativeLibraries.IsInstalled(NativeLibraries.Aravis))
            return;
        lock (AravisGate.Process)
            Arv.arv_enable_interface("Fake");
    }

    public string Name => "aravis";

    public IReadOnlyList<CameraInfo> Discover()
    {
        ThrowIfMissing();
        IEnumerable<CameraInfo> network = GigESearch.Run(null, static _ => false).Select(a => a.Describe());
        return [.. network, .. BesideNetwork(ListAll)];
    }

    public ICamera Open(string camera)
    {
        ThrowIfMissing();
        IPAddress? address = AddressIn(camera);
        bool isAddress = address is not null;
        IReadOnlyList<CameraInfo> others = [];
        if (!isAddress && !_addresses.TryGetValue(camera, out address))
        {
            (CameraHandle? other, others) = BesideNetwork(() => TryOpenOther(camera));
            if (other is not null)
                return AravisCamera.Take(other, camera);
        }

        IReadOnlyList<GigEAnswer> answers = GigESearch.Run(address, IsMeant);
        if (answers.LastOrDefault(IsMeant) is not { } meant)
            throw new CameraException($"Camera '{camera}' was not found: it does not answer. {Answering([.. answers.Select(a => a.Id), .. others.Select(o => o.Id)])}");
        CameraHandle handle = OpenInNetwork(camera, meant.Address);
        _addresses[camera] = meant.Address;
        return AravisCamera.Take(handle, camera);

        bool IsMeant(GigEAnswer answer) => isAddress ? answer.Address.Equals(address) : answer.IsNamed(camera, AliasOf(answer.Vendor));
    }

    private static IPAddress? AddressIn(string camera) => camera.Contains('.', StringComparison.Ordinal) && IPAddress.TryParse(camera, out IPAddress? address) ? address : null;

    private static string Answering(string[] found) => found.Length == 0
        ? "No camera answers at all: check power, cable, and that the computer's address is in the camera's network."
        : $"These answer: {string.Join(", ", found.Select(id => $"'{id}'"))}.";

    private static CameraHandle OpenInNetwork(string camera, IPAddress address)
    {
        GLib.ErrorRecord* error = null;
        CameraHandle handle;
        lock (AravisGate.Process)
            handle = Arv.arv_camera_new(address.ToString(), &error);
        string reason = AravisErrors.Take(ref error) ?? "it does not answer any more";
        return handle.IsInvalid ? throw new CameraException($"Camera '{camera}' answers at {address}, but cannot be opened: {reason}.") : handle;
    }

    /// <summary>Opens a camera of another kind than those of the network.</summary>
    private static (CameraHandle? Handle, IReadOnlyList<CameraInfo> Found) TryOpenOther(string camera)
    {
        IReadOnlyList<CameraInfo> found = ListAll();
        CameraInfo? listed = found.FirstOrDefault(c => c.SerialNumber == camera || c.Id == camera);
        GLib.ErrorRecord* error = null;
        CameraHandle handle = Arv.arv_camera_new(listed?.Id ?? camera, &error);
        string? reason = AravisErrors.Take(ref error);
        if (!handle.IsInvalid)
            return (handle, found);
        return listed is null ? (null, found) : throw new CameraException($"Camera '{camera}' is there, but cannot be opened: {reason}.");
    }

    private static IReadOnlyList<CameraInfo> ListAll()
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

    // In the network Aravis would search for a second, and for a name that it does not know two more.
    private static T BesideNetwork<T>(Func<T> use)
    {
        lock (AravisGate.Process)
        {
            Arv.arv_disable_interface(Network);
            try
            {
                return use();
            }
            finally
            {
                Arv.arv_enable_interface(Network);
            }
        }
    }

    private static string AliasOf(string vendor)
    {
        nint name = Marshal.StringToCoTaskMemUTF8(vendor);
        try
        {
            return AravisErrors.Text(Arv.arv_vendor_alias_lookup(name)) ?? vendor;
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    private static void ThrowIfMissing()
    {
        if (NativeLibraries.IsInstalled(NativeLibraries.Aravis))
            return;
        string remedy = OperatingSystem.IsLinux() ? "On Debian and Ubuntu: apt-get install libaravis-0.8-0" : "Install Aravis 0.8 (https://aravisproject.github.io/aravis/)";
        throw new CameraException($"Cameras need the library Aravis 0.8, which is not installed. {remedy}.") { IsWrongSetting = true };
    }
}
