using System.Diagnostics.Metrics;

namespace Mlops.Drivers.OpcUa;

/// <summary>What OPC UA drivers count, as a meter. Every instrument has the tag <c>asset</c>.</summary>
internal sealed class OpcUaInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Mlops.Drivers.OpcUa";

    /// <summary>Values received from servers. Unit: values.</summary>
    public const string ValueCount = "mlops.opcua.values";

    /// <summary>Messages that servers did not hold any more when the connection was back. Unit: messages.</summary>
    public const string LostMessageCount = "mlops.opcua.lost_messages";

    /// <summary>Values that tell that others before them were given up because the server's queue was full. Unit: values.</summary>
    public const string OverflowCount = "mlops.opcua.overflows";

    /// <summary>Values that their columns could not hold. Unit: values.</summary>
    public const string MisfitCount = "mlops.opcua.misfits";

    /// <summary>Values written back, with the tag <c>outcome</c> (good, refused). Unit: values.</summary>
    public const string WriteCount = "mlops.opcua.writes";

    private readonly Meter _meter;

    public OpcUaInstruments(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        Values = _meter.CreateCounter<long>(ValueCount, "{value}", "Values received from servers.");
        LostMessages = _meter.CreateCounter<long>(LostMessageCount, "{message}", "Messages that servers did not hold any more.");
        Overflows = _meter.CreateCounter<long>(OverflowCount, "{value}", "Values behind others that were given up because the server's queue was full.");
        Misfits = _meter.CreateCounter<long>(MisfitCount, "{value}", "Values that their columns could not hold.");
        Writes = _meter.CreateCounter<long>(WriteCount, "{value}", "Values written back.");
    }

    public Counter<long> Values { get; }

    public Counter<long> LostMessages { get; }

    public Counter<long> Overflows { get; }

    public Counter<long> Misfits { get; }

    public Counter<long> Writes { get; }

    public void Dispose() => _meter.Dispose();
}
