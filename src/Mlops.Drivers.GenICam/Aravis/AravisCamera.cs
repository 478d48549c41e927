using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Aravis.Native;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>A camera that Aravis has opened.</summary>
/// <remarks>
/// Aravis tells of a lost camera on a thread of its own (the signal <c>control-lost</c>); the camera is found there by a handle that
/// lives until the signal is disconnected, which happens before the object is released.
/// </remarks>
internal sealed unsafe class AravisCamera : ICamera
{
    private readonly CameraHandle _handle;
    private readonly string _name;
    private readonly nint _device;
    private readonly AravisFeatures _features;
    private readonly Lock _gate = new();
    private readonly nuint _signal;
    private GCHandle _self;
    private AravisStream? _stream;
    private volatile bool _isLost;

    private AravisCamera(CameraHandle handle, string name)
    {
        (_handle, _name) = (handle, name);
        _device = Arv.arv_camera_get_device(handle);
        _features = new AravisFeatures(_device, name);
        lock (AravisGate.Process)
            Info = Read(handle, name);
        _self = GCHandle.Alloc(this);
        _signal = GLib.g_signal_connect_data(_device, "control-lost", &OnControlLost, GCHandle.ToIntPtr(_self), 0, 0);
    }

    public CameraInfo Info { get; }

    public bool IsLost => _isLost;

    /// <exception cref="CameraException">Somebody else has it.</exception>
    public static AravisCamera Take(CameraHandle handle, string name)
    {
        if (Arv.arv_camera_is_gv_device(handle) != 0 && Arv.arv_gv_device_is_controller(Arv.arv_camera_get_device(handle)) == 0)
        {
            handle.Dispose();
            throw new CameraException($"Camera '{name}' is in use by another program or node. End that one, or wait until the camera lets it go (its heartbeat timeout, some seconds).");
        }

        return new AravisCamera(handle, name);
    }

    public IReadOnlyList<CameraFeature> List(string? category)
    {
        // Its children may be asked for for the first time.
        lock (AravisGate.Process)
        {
            lock (_gate)
                return _features.List(category ?? "Root");
        }
    }

    public CameraFeature Describe(string name) => Use(name, 0, static (features, name, _) => features.Describe(name));

    public object Read(string name) => Use(name, 0, static (features, name, _) => features.Read(name));

    public object Write(string name, object value) => Use(name, value, static (features, name, value) => features.Write(name, value));

    public void SetFrameRate(double framesPerSecond) => Arrange($"cannot take {framesPerSecond:0.###} frames a second", framesPerSecond, static (handle, rate, error) => Arv.arv_camera_set_frame_rate(handle, rate, (GLib.ErrorRecord**)error));

    public void SetTrigger(string? source)
    {
        if (source is null)
            Arrange("cannot be freed of its trigger", 0, static (handle, _, error) => Arv.arv_camera_clear_triggers(handle, (GLib.ErrorRecord**)error));
        else
            Arrange($"cannot be triggered by '{source}'", source, static (handle, name, error) => Arv.arv_camera_set_trigger(handle, name, (GLib.ErrorRecord**)error));
    }

    public void Trigger() => Call("does not take the trigger", 0, static (handle, _, error) => Arv.arv_camera_software_trigger(handle, (GLib.ErrorRecord**)error));

    public IFrameSource Start(StreamOptions options)
    {
        lock (AravisGate.Process)
        {
            lock (_gate)
            {
                _stream?.Dispose();
                return _stream = AravisStream.Start(_handle, _name, options);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_self.IsAllocated)
                return;
            _stream?.Dispose();
            GLib.g_signal_handler_disconnect(_device, _signal);
            _handle.Dispose();
            _self.Free();
        }
    }

    private static CameraInfo Read(CameraHandle handle, string name)
    {
        GLib.ErrorRecord* error = null;
        string? vendor = AravisErrors.Text(Arv.arv_camera_get_vendor_name(handle, &error));
        AravisErrors.Take(ref error);
        string? model = AravisErrors.Text(Arv.arv_camera_get_model_name(handle, &error));
        AravisErrors.Take(ref error);
        string? serial = AravisErrors.Text(Arv.arv_camera_get_device_serial_number(handle, &error));
        AravisErrors.Take(ref error);
        return new CameraInfo(name) { Vendor = vendor, Model = model, SerialNumber = serial };
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnControlLost(nint device, nint data)
    {
        if (GCHandle.FromIntPtr(data).Target is AravisCamera camera)
            camera._isLost = true;
    }

    private TResult Use<TValue, TResult>(string name, TValue value, Func<AravisFeatures, string, TValue, TResult> use)
    {
        lock (_gate)
        {
            if (_features.IsKnown(name))
                return use(_features, name, value);
        }

        lock (AravisGate.Process)
        {
            lock (_gate)
                return use(_features, name, value);
        }
    }

    private void Arrange<T>(string failure, T argument, Action<CameraHandle, T, nint> call)
    {
        lock (AravisGate.Process)
            Call(failure, argument, call);
    }

    private void Call<T>(string failure, T argument, Action<CameraHandle, T, nint> call)
    {
        GLib.ErrorRecord* error = null;
        lock (_gate)
            call(_handle, argument, (nint)(&error));
        AravisErrors.ThrowIf(ref error, _name, failure);
    }
}
