using System.Diagnostics.Metrics;

namespace Mlops.Tests.Prediction;

/// <summary>Reads gauges as a collector of metrics does.</summary>
internal static class Gauges
{
    /// <summary>Returns the value of a gauge under tags, which may have others besides; null when nothing is shown under them.</summary>
    public static double? Read(string name, params (string Tag, object? Value)[] tags)
    {
        double? found = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == name)
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, shown, _) =>
        {
            Dictionary<string, object?> all = new(shown.ToArray());
            if (tags.All(t => Equals(all.GetValueOrDefault(t.Tag), t.Value)))
                found = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return found;
    }
}
