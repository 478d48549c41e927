using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Takes frames from an open camera until it is lost, on a thread of its own: waiting for frames blocks.</summary>
internal sealed class CameraRun(string asset, GenICamSettings settings, ICamera camera, FrameRecorder recorder, FrameStorage storage, FrameCounters counters, IRecordSink sink, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Troubles are told this long after they have last been seen.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    // The first is the name of the standard (SFNC), the others are of cameras older than it.
    private string? _exposure = Named(camera, "ExposureTime", "ExposureTimeAbs", "ExposureTimeRaw");
    private string? _gain = Named(camera, "Gain", "GainAbs", "GainRaw");
    private string? _reported = "";
    private string? _trouble;
    private long _troubleAt;
    private StreamStatistics _seen = counters.Stream;
    private (long Skipped, long Late, long Failed, long Lost) _seenLosses = (counters.Skipped, counters.Late, counters.Failed, counters.Lost);
    private long _starvedAt;
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
        if (Trouble(sinceFrame) is { } now)
            (_trouble, _troubleAt) = (now, time.GetTimestamp());
        else if (_trouble is not null && time.GetElapsedTime(_troubleAt) > Memory)
            _trouble = null;
        if (_trouble == _reported)
            return;
        _reported = _trouble;
        sink.Report(_trouble is null ? DriverState.Connected : DriverState.Degraded, _trouble);
    }

    private string? Trouble(TimeSpan sinceFrame)
    {
        StreamStatistics before = _seen;
        var losses = _seenLosses;
        StreamStatistics now = _seen = counters.Stream;
        _seenLosses = (counters.Skipped, counters.Late, counters.Failed, counters.Lost);
        if (now.Starved > before.Starved)
            _starvedAt = time.GetTimestamp();
        if (_starvedAt != 0 && sinceFrame >= time.GetElapsedTime(_starvedAt))
            return $"Asset '{asset}': frames find no free buffer ({now.Starved} so far). Enlarge 'buffers', or store fewer frames.";
        if (_isContinuous && sinceFrame > settings.FrameTimeout)
            return $"Asset '{asset}': no frame has come from '{settings.Camera}' for {settings.FrameTimeout.TotalSeconds:0.#} s. Check that packets reach this computer: firewall, packet size, and the camera's trigger mode.";
        if (now.Incomplete > before.Incomplete)
            return $"Asset '{asset}': frames come incomplete and are left out ({now.Incomplete} so far, {now.MissingPackets} packets missing). Lower the frame rate or the packet size, or enlarge 'socketBuffer' (and the system's net.core.rmem_max).";
        if (now.Missed > before.Missed)
            return $"Asset '{asset}': frames of which nothing comes ({now.Missed} so far, by the camera's numbers). Lower the frame rate, enlarge 'socketBuffer' (and the system's net.core.rmem_max), or check the cable.";
        if (_seenLosses.Failed > losses.Failed)
            return $"Asset '{asset}': frames cannot be stored ({_seenLosses.Failed} so far): {storage.Trouble} Their records are kept; make room on the disk, or correct what the reason says.";
        if (_seenLosses.Skipped > losses.Skipped)
            return $"Asset '{asset}': storing is slower than the camera; {_seenLosses.Skipped} pictures were left out so far. Choose storage.encoding jpeg or raw, fewer frames in storage.frames, or a lower frame rate.";
        if (_seenLosses.Late > losses.Late)
            return $"Asset '{asset}': predictions ask for frames that are no longer in memory ({_seenLosses.Late} so far). Enlarge storage.asked.wait, or give the predictions more time of the processor.";
        return _seenLosses.Lost > losses.Lost ? $"Asset '{asset}': the store takes no records; {_seenLosses.Lost} frames are lost so far. Check the disk." : null;
    }
}
