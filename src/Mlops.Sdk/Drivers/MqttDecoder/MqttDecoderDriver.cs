using Mlops.Data;
using Mlops.Ingest;
using Mlops.Messaging;

namespace Mlops.Drivers.MqttDecoder;

/// <summary>
/// Decodes what comes on its topics. A message is acknowledged once its record is durable; one that does not have the layout goes to
/// the dead letters. While records wait to be kept, the connection that brings more is held back.
/// </summary>
internal sealed class MqttDecoderDriver(string asset, MqttDecoderSettings settings, IMessageBus bus, IngestPipeline pipeline, MessageTakers takers, TimeProvider time) : IHighLevelDriver
{
    private const int MaxWaiting = 4096;
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly AsyncFlag _news = new();
    private PayloadDecoder? _decoder;
    private RecordBatchBuilder? _rows;
    private List<BusAcknowledgement> _acknowledgements = [];
    private TaskCompletionSource? _room;
    private long _bad;
    private string? _lastBad;
    private bool _stopped;

    private string Source => $"asset/{asset}";

    public async Task RunAsync(IRecordSink sink, CancellationToken stop)
    {
        _decoder = new PayloadDecoder(settings, await sink.DeclareAsync(settings.Group, PayloadDecoder.Columns(settings), stop).ConfigureAwait(false));
        _rows = new RecordBatchBuilder(_decoder.Schema);
        List<IDisposable> subscriptions = [takers.Add(Source, settings.Topics, OnMessage), .. settings.Topics.Select(t => bus.Subscribe(t, OnMessage))];
        try
        {
            while (true)
            {
                Report(sink);
                await _news.WaitAsync(StatusInterval, time, stop).ConfigureAwait(false);
                await WriteAsync(sink, stop).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (IDisposable subscription in subscriptions)
                subscription.Dispose();
            lock (_lock)
                _stopped = true;

            // What was taken is kept and acknowledged, so that no sender waits for an asset that is gone.
            await WriteAsync(sink, CancellationToken.None).ConfigureAwait(false);
            lock (_lock)
                _room?.TrySetResult();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask OnMessage(in BusMessage message)
    {
        lock (_lock)
        {
            if (_stopped)
                return ValueTask.CompletedTask;
            try
            {
                _decoder!.Decode(message.Topic, message.Payload, _rows!, EpochTime.FromDateTimeOffset(time.GetUtcNow()), message.Arrival);
                _acknowledgements.Add(message.Acknowledgement);
            }
            catch (FormatException e)
            {
                Reject(message, e.Message);
            }

            _news.Set();
            if (_rows!.Count < MaxWaiting)
                return ValueTask.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task);
        }
    }

    private void Reject(in BusMessage message, string reason)
    {
        _bad++;
        _lastBad = $"{message.Topic}: {reason}";
        lock (pipeline.Gate)
        {
            if (!pipeline.IsStopped)
                pipeline.Reject(message, DeadLetterCause.WrongLayout, Source, $"Asset '{asset}' cannot decode the message: {reason}.");
        }
    }

    private async Task WriteAsync(IRecordSink sink, CancellationToken stop)
    {
        RecordBatch batch;
        List<BusAcknowledgement> acknowledgements;
        lock (_lock)
        {
            if (_rows!.Count == 0)
                return;
            batch = _rows.Build();
            (acknowledgements, _acknowledgements) = (_acknowledgements, []);
            _room?.TrySetResult();
            _room = null;
        }

        using (batch)
            await sink.WriteAsync(batch, stop).ConfigureAwait(false);
        foreach (BusAcknowledgement acknowledgement in acknowledgements)
            acknowledgement.Complete();
    }

    private void Report(IRecordSink sink)
    {
        if (bus.State != BusState.Connected)
        {
            sink.Report(bus.State == BusState.Disconnected ? DriverState.Faulted : DriverState.Connecting, "The message bus is not connected; it keeps trying.");
            return;
        }

        lock (_lock)
            sink.Report(_bad == 0 ? DriverState.Connected : DriverState.Degraded, _bad == 0 ? null : $"{_bad} message{(_bad == 1 ? "" : "s")} could not be decoded and went to the dead letters; the last on {_lastBad}.");
    }
}
