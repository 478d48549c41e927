using System.Threading.Channels;
using Mlops.Data;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Messaging;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Triggers frames by messages on a topic, or by records of a feed.</summary>
internal sealed class FrameTrigger : IDisposable
{
    // Frames cannot be taken faster than the camera does; what comes beyond that means the same frame.
    private const int MaxWaiting = 64;

    private readonly GenICamTriggerSettings _settings;
    private readonly IFeedStore? _store;
    private readonly IDisposable? _subscription;
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<bool> _written = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public FrameTrigger(GenICamTriggerSettings settings, IMessageBus? bus, IFeedStore? store)
    {
        (_settings, _store) = (settings, settings.Feed is null ? null : store);
        if (settings.Topic is { } topic)
            _subscription = bus?.Subscribe(topic, OnMessage);
        if (_store is not null)
            _store.Committed += OnCommitted;
    }

    /// <summary>Triggers until stopped.</summary>
    /// <exception cref="CameraException">The camera does not take it.</exception>
    public Task RunAsync(ICamera camera, CancellationToken stop) => _store is null
        ? TriggerAsync(camera, stop)
        : LoopsTogether.RunAsync(stop, end => TriggerAsync(camera, end), end => ReadAsync(_store, end));

    public void Dispose()
    {
        _subscription?.Dispose();
        if (_store is not null)
            _store.Committed -= OnCommitted;
    }

    private async Task TriggerAsync(ICamera camera, CancellationToken stop)
    {
        await foreach (bool _ in _wanted.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            camera.Trigger();
    }

    private ValueTask OnMessage(in BusMessage message)
    {
        // What the broker had kept is no event of now.
        if (!message.Retained)
            _wanted.Writer.TryWrite(true);
        message.Acknowledgement.Complete();
        return default;
    }

    private void OnCommitted(string feed, long position)
    {
        if (feed == _settings.Feed)
            _written.Writer.TryWrite(true);
    }

    private async Task ReadAsync(IFeedStore store, CancellationToken stop)
    {
        long after = store.List().FirstOrDefault(f => f.Schema.Feed == _settings.Feed)?.LastPosition ?? 0;
        bool wasOn = false;

        // What the field is already does not become so.
        await foreach (RecordBatch last in store.ReadAsync(new FeedQuery { Feed = _settings.Feed!, AfterPosition = after - 1, ToPosition = after }, stop).ConfigureAwait(false))
        {
            using (last)
                wasOn = last.Count > 0 && _settings.Field is { } field && IsOn(last, field, last.Count - 1) == true;
        }

        while (await _written.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
        {
            _written.Reader.TryRead(out _);
            await foreach (RecordBatch records in store.ReadAsync(new FeedQuery { Feed = _settings.Feed!, AfterPosition = after }, stop).ConfigureAwait(false))
            {
                using (records)
                {
                    for (int row = 0; row < records.Count; row++)
                    {
                        bool? isOn = _settings.Field is { } field ? IsOn(records, field, row) : null;
                        if (_settings.Field is null || (isOn == true && !wasOn))
                            _wanted.Writer.TryWrite(true);
                        wasOn = isOn ?? wasOn;
                    }

                    after = records.Positions[^1];
                }
            }
        }
    }

    private static bool? IsOn(RecordBatch records, string field, int row) =>
        !records.Schema.Fields.Any(f => f.Name == field) ? null : records.Column(field).GetValue(row) switch
        {
            bool flag => flag,
            long number => number != 0,
            ulong number => number != 0,
            double number => number != 0,
            _ => null,
        };
}
