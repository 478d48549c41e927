namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Says what goes wrong with the frames of a running camera: all that happened of late, so that no loss hides another.</summary>
internal sealed class CameraTroubles
{
    // A trouble is told this long after it has last been seen.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly string _asset;
    private readonly GenICamSettings _settings;
    private readonly TimeProvider _time;
    private readonly Trouble _starved;
    private readonly Trouble _silent;
    private readonly Trouble[] _losses;
    private readonly Trouble[] _all;

    public CameraTroubles(string asset, GenICamSettings settings, FrameCounters counters, FrameStorage storage, TimeProvider time)
    {
        (_asset, _settings, _time) = (asset, settings, time);
        _starved = new Trouble(() => counters.Stream.Starved, () => $"frames find no free buffer ({counters.Stream.Starved} so far). Enlarge 'buffers', or store fewer frames.");
        _silent = new Trouble(() => 0, () => $"no frame has come from '{settings.Camera}' for {settings.FrameTimeout.TotalSeconds:0.#} s. Check that packets reach this computer: firewall, packet size, and the camera's trigger mode.");
        _losses =
        [
            new(() => counters.Stream.Incomplete, () => $"frames come incomplete and are left out ({counters.Stream.Incomplete} so far, {counters.Stream.MissingPackets} packets missing). Lower the frame rate or the packet size, or enlarge 'socketBuffer' (and the system's net.core.rmem_max)."),
            new(() => counters.Stream.Missed, () => $"frames of which nothing comes ({counters.Stream.Missed} so far, by the camera's numbers). Lower the frame rate, enlarge 'socketBuffer' (and the system's net.core.rmem_max), or check the cable."),
            new(() => counters.Failed, () => $"frames cannot be stored ({counters.Failed} so far): {storage.Trouble} Their records are kept; make room on the disk, or correct what the reason says."),
            new(() => counters.Skipped, () => $"storing is slower than the camera; {counters.Skipped} pictures were left out so far. Choose storage.encoding jpeg or raw, fewer frames in storage.frames, or a lower frame rate."),
            new(() => counters.Late, () => $"predictions ask for frames that are no longer in memory ({counters.Late} so far). Enlarge storage.asked.wait, or give the predictions more time of the processor."),
            new(() => counters.Lost, () => $"the store takes no records; {counters.Lost} frames are lost so far. Check the disk."),
        ];
        _all = [_starved, _silent, .. _losses];
    }

    /// <summary>Looks at what was counted since the last look.</summary>
    /// <param name="sinceFrame">How long no frame has come.</param>
    /// <param name="isContinuous">Whether frames come without being asked for.</param>
    /// <returns>What went wrong within the last ten seconds, the most pressing first; null for nothing.</returns>
    public string? Look(TimeSpan sinceFrame, bool isContinuous)
    {
        long now = _time.GetTimestamp();
        _starved.SayIfRisen(now);
        // Without a buffer no frame can come: that silence is not the network's.
        if (_starved.Risen is { } risen && sinceFrame >= _time.GetElapsedTime(risen, now))
            _starved.Say(now);
        else if (isContinuous && sinceFrame > _settings.FrameTimeout)
            _silent.Say(now);
        foreach (Trouble loss in _losses)
            loss.SayIfRisen(now);

        string[] said = [.. _all.Where(t => t.Text is not null && _time.GetElapsedTime(t.Said, now) <= Memory).Select(t => t.Text!)];
        return said.Length == 0 ? null : $"Asset '{_asset}': {string.Join(" Also: ", said)}";
    }

    private sealed class Trouble(Func<long> count, Func<string> describe)
    {
        private long _counted = count();

        /// <summary>Gets when the count was last seen to have risen.</summary>
        public long? Risen { get; private set; }

        public long Said { get; private set; }

        public string? Text { get; private set; }

        public void SayIfRisen(long now)
        {
            long counted = count();
            if (counted <= _counted)
                return;
            (_counted, Risen) = (counted, now);
            Say(now);
        }

        public void Say(long now) => (Said, Text) = (now, describe());
    }
}
