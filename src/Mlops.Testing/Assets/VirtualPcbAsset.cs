using Mlops.Testing.Pcb;

namespace Mlops.Testing.Assets;

/// <summary>
/// Is a solder paste inspection machine with its inspector: publishes one record a pad (16 measurements and
/// <c>machine_verdict</c>) over MQTT in the Common Databus Payload Format, and each pad's label some time later.
/// </summary>
/// <remarks>One call at a time; <see cref="Counts"/> may be read from any thread.</remarks>
public sealed class VirtualPcbAsset : IAsyncDisposable
{
    private static readonly DataPoint[] Measurements = [.. PcbMeasurements.Names.Select((name, i) => DataPoint.Numbered(name, i + 1, "LReal"))];
    private static readonly DataPoint Verdict = DataPoint.Numbered("machine_verdict", PcbMeasurements.Count + 1, "String");

    private readonly LabelledStream _stream;
    private readonly LabelBacklog _backlog;
    private readonly PcbProcess _process;

    /// <summary>Creates the asset; nothing is connected yet.</summary>
    /// <param name="options">Where and how to publish; only <see cref="AssetOptions.RecordsPerSecond"/> may change afterwards, between calls.</param>
    /// <param name="time">The clock; the system's if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public VirtualPcbAsset(VirtualPcbAssetOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _stream = new LabelledStream(options, [.. Measurements, Verdict], time ?? TimeProvider.System);
        _backlog = new LabelBacklog(options.LabelDelayInRecords, options.LabelDelay);
        _process = new PcbProcess(options.Seed);
    }

    /// <summary>Gets how far the asset has come.</summary>
    public AssetCounts Counts => _stream.Connection.Counts;

    /// <summary>Gets how well the best possible classifier does on the records published so far.</summary>
    public PcbExpectation Expectation { get; } = new();

    /// <summary>Gets how many labels have not been published yet.</summary>
    public int PendingLabels => _backlog.Count;

    /// <summary>Connects and announces the asset: retained metadata and status; from now on it reconnects by itself.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the broker has acknowledged the announcement.</returns>
    /// <exception cref="TimeoutException">The broker cannot be reached.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default) => _stream.Connection.ConnectAsync(cancellationToken);

    /// <summary>Publishes the next records, and those labels that become due meanwhile.</summary>
    /// <param name="records">How many records.</param>
    /// <param name="cancellationToken">Stops between two records.</param>
    /// <returns>A task that ends when all of them are acknowledged.</returns>
    public async Task PublishAsync(long records, CancellationToken cancellationToken = default)
    {
        var pace = _stream.StartPace();
        for (long i = 0; i < records; i++)
        {
            await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
            await PublishNextAsync(cancellationToken).ConfigureAwait(false);
            await PublishLabelsAsync(force: false, cancellationToken).ConfigureAwait(false);
        }

        await _stream.Connection.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes records until told to stop.</summary>
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

    /// <summary>Publishes all labels that are still outstanding, due or not.</summary>
    /// <param name="cancellationToken">Stops between two labels.</param>
    /// <returns>A task that ends when all of them are acknowledged.</returns>
    public async Task PublishPendingLabelsAsync(CancellationToken cancellationToken = default)
    {
        await PublishLabelsAsync(force: true, cancellationToken).ConfigureAwait(false);
        await _stream.Connection.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says that the asset is unavailable and disconnects.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async ValueTask PublishNextAsync(CancellationToken cancellationToken)
    {
        var now = _stream.Now;
        var record = await _stream.BeginRecordAsync(now, cancellationToken).ConfigureAwait(false);
        var pad = _process.Next();
        var measurements = pad.Measurements;
        for (var i = 0; i < Measurements.Length; i++)
            record.Write(Measurements[i], measurements[i]);
        record.Write(Verdict, pad.Verdict.ToText());
        _backlog.Add(new PendingLabel(_stream.NextSequence, now, pad.Label.ToText()));
        Expectation.Add(pad);
        _stream.SendRecord(record);
    }

    private async ValueTask PublishLabelsAsync(bool force, CancellationToken cancellationToken)
    {
        while (_backlog.TryPeek(_stream.NextSequence - 1, _stream.Now, force, out var label))
        {
            await _stream.SendLabelAsync(label, cancellationToken).ConfigureAwait(false);
            _backlog.Remove();
        }
    }
}
