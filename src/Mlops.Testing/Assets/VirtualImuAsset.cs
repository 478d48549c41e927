using System.Globalization;
using Mlops.Testing.Imu;

namespace Mlops.Testing.Assets;

/// <summary>
/// Is a worker with a sensor on each hand: publishes what each measures as a feed of its own, in packets over MQTT in the Common Databus
/// Payload Format, and what was done from when to when as labels of intervals: <c>from</c>, <c>to</c>, <c>label</c>, <c>author</c>.
/// </summary>
/// <remarks>One call at a time; <see cref="Counts"/> may be read from any thread.</remarks>
public sealed class VirtualImuAsset : IAsyncDisposable
{
    private static readonly DataPoint[] RightPoints = [.. ImuSample.Names.Select((name, i) => DataPoint.Numbered(name, i + 1, "LReal"))];
    private static readonly DataPoint[] LeftPoints = [.. ImuSample.Names.Select((name, i) => DataPoint.Numbered(name, i + 11, "LReal"))];
    private static readonly DataPoint[] LabelPoints = [.. new[] { "from", "to", "label", "author" }.Select((name, i) => DataPoint.Numbered(name, i + 21, "String"))];

    private readonly VirtualImuAssetOptions _options;
    private readonly TimeProvider _time;
    private readonly DatabusConnection _connection;
    private readonly ImuRadio _radio;
    private DateTimeOffset? _start;
    private long _labels;

    /// <summary>Creates the asset; nothing is connected yet.</summary>
    /// <param name="options">What is done, and where and how to publish it.</param>
    /// <param name="time">The clock; the system's if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public VirtualImuAsset(VirtualImuAssetOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _time = time ?? TimeProvider.System;
        _start = options.Start;
        _radio = new ImuRadio(options.Work, options.Radio);
        _connection = new DatabusConnection(
            options,
            new Announcement(options, [new AssetCollection(options.Collection, RightPoints, "timeseries"), new AssetCollection(options.LeftCollection, LeftPoints, "timeseries"), new AssetCollection(options.LabelCollection, LabelPoints)]),
            _time);
    }

    /// <summary>Gets how far the asset has come.</summary>
    public AssetCounts Counts => _connection.Counts;

    /// <summary>Connects and announces the asset: retained metadata and status; from now on it reconnects by itself.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the broker has acknowledged the announcement.</returns>
    /// <exception cref="TimeoutException">The broker cannot be reached.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default) => _connection.ConnectAsync(cancellationToken);

    /// <summary>Publishes the next packets, and the label of each activity that ends meanwhile.</summary>
    /// <param name="packets">How many packets, of both hands together.</param>
    /// <param name="cancellationToken">Stops between two packets.</param>
    /// <returns>A task that ends when all of them are acknowledged.</returns>
    public async Task PublishAsync(long packets, CancellationToken cancellationToken = default)
    {
        var pace = new Pace(_options.RecordsPerSecond / _options.Radio.PacketSize, _time);
        for (long i = 0; i < packets; i++)
        {
            await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
            await PublishNextAsync(cancellationToken).ConfigureAwait(false);
            await PublishLabelsAsync(all: false, cancellationToken).ConfigureAwait(false);
        }

        await _connection.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes packets until told to stop.</summary>
    /// <param name="stop">Ends the run.</param>
    /// <returns>A task that ends without an exception when <paramref name="stop"/> is cancelled.</returns>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await PublishAsync(long.MaxValue, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping is what was asked for.
        }
    }

    /// <summary>Publishes the label of the activity that is under way, as far as it has come.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is acknowledged.</returns>
    public async Task PublishPendingLabelsAsync(CancellationToken cancellationToken = default)
    {
        await PublishLabelsAsync(all: true, cancellationToken).ConfigureAwait(false);
        await _connection.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says that the asset is unavailable and disconnects.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private DateTime Utc(TimeSpan time) => ((_start ??= _time.GetUtcNow()) + time).UtcDateTime;

    private async ValueTask PublishNextAsync(CancellationToken cancellationToken)
    {
        ImuPacket packet = _radio.Next();
        bool isRight = packet.Hand == ImuHand.Right;
        DataPoint[] points = isRight ? RightPoints : LeftPoints;
        var message = await _connection.BeginSeriesAsync(packet.Number + _options.FirstSequence - 1, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < packet.Samples.Count; i++)
        {
            message.BeginRecord(((packet.Number - 1) * _options.Radio.PacketSize) + i + 1, Utc(packet.Samples[i].Time));
            foreach ((DataPoint point, double value) in points.Zip(packet.Samples[i].ToArray()))
                message.Write(point, value);
            message.EndRecord();
        }

        _connection.SendRecords(isRight ? _options.Collection : _options.LeftCollection, message, packet.Samples.Count);
    }

    private async ValueTask PublishLabelsAsync(bool all, CancellationToken cancellationToken)
    {
        foreach (ImuInterval interval in _radio.TakeIntervals(all))
        {
            var message = await _connection.BeginAsync(++_labels, _time.GetUtcNow().UtcDateTime, cancellationToken).ConfigureAwait(false);
            message.Write(LabelPoints[0], Utc(interval.From).ToString("O", CultureInfo.InvariantCulture));
            message.Write(LabelPoints[1], Utc(interval.To).ToString("O", CultureInfo.InvariantCulture));
            message.Write(LabelPoints[2], interval.Activity.ToText());
            message.Write(LabelPoints[3], _options.Author);
            _connection.SendLabel(message);
        }
    }
}
