using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Takes frames from an open camera until it is lost, on a thread of its own: waiting for frames blocks.</summary>
internal sealed class CameraRun(string asset, GenICamSettings settings, ICamera camera, FrameRecorder recorder, FrameStorage storage, FrameCounters counters, IRecordSink sink, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly CameraTroubles _troubles = new(asset, settings, counters, storage, time);

    // The first is the name of the standard (SFNC), the others are of cameras older than it.
    private string? _exposure = Named(camera, "ExposureTime", "ExposureTimeAbs", "ExposureTimeRaw");
    private string? _gain = Named(camera, "Gain", "GainAbs", "GainRaw");
    private string? _reported = "";
    private bool _isContinuous;

    /// <summary>Runs until stopped, or until the camera is lost.</summary>
    /// <exception cref="CameraException">The camera is lost, or cannot stream.</exception>
    public Task RunAsync(CancellationToken stop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Take(stop);
                ended.SetResult();
            }
            catch (Exception error)
            {
                ended.SetException(error);
            }
            finally
            {
                recorder.Complete();
            }
        })
        {
            IsBackground = true,
            Name = $"camera {asset}",
            Priority = ThreadPriority.AboveNormal,
        };
        thread.Start();
        return ended.Task;
    }

    private void Take(CancellationToken stop)
    {
        using IFrameSource stream = camera.Start(new StreamOptions
        {
            Buffers = settings.AllBuffers,
            PacketSize = settings.PacketSize,
            SocketBuffer = settings.SocketBuffer,
            Resend = settings.Resend,
            PacketSocket = settings.PacketSocket,
        });
        try
        {
            long lastFrame = time.GetTimestamp();
            long lastLook = 0;
            _isContinuous = settings.Trigger is null && CameraSetup.IsContinuous(camera);
            ReadSetting();
            while (!stop.IsCancellationRequested)
            {
                if (camera.IsLost)
                    throw new CameraException($"Asset '{asset}' has lost the camera '{settings.Camera}': it does not answer any more, or somebody else has taken it. Check power and cable.");
                if (stream.Take(Wait) is { } frame)
                {
                    lastFrame = time.GetTimestamp();
                    if (frame.IsComplete)
                        recorder.Take(frame);
                    else
                        frame.Dispose();
                }

                TimeSpan sinceLook = lastLook == 0 ? TimeSpan.Zero : time.GetElapsedTime(lastLook);
                if (lastLook != 0 && sinceLook < Second)
                    continue;
                lastLook = time.GetTimestamp();
                counters.Observe(stream.Statistics, sinceLook);
                ReadSetting();
                Report(time.GetElapsedTime(lastFrame));
            }
        }
        finally
        {
            counters.Observe(stream.Statistics, TimeSpan.Zero);
            counters.EndStream();
        }
    }

    private static string? Named(ICamera camera, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            try
            {
                if (camera.Describe(name).Value is double or long)
                    return name;
            }
            catch (CameraException)
            {
                // It has none of this name.
            }
        }

        return null;
    }

    private void ReadSetting()
    {
        recorder.Exposure = ReadNumber(ref _exposure);
        recorder.Gain = ReadNumber(ref _gain);
    }

    private double? ReadNumber(ref string? feature)
    {
        try
        {
            return feature is null ? null : camera.Read(feature) switch { double number => number, long number => number, _ => null };
        }
        catch (CameraException)
        {
            feature = null;
            return null;
        }
    }

    private void Report(TimeSpan sinceFrame)
    {
        string? trouble = _troubles.Look(sinceFrame, _isContinuous);
        if (trouble == _reported)
            return;
        _reported = trouble;
        sink.Report(trouble is null ? DriverState.Connected : DriverState.Degraded, trouble);
    }
}
