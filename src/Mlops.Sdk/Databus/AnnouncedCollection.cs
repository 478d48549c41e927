namespace Mlops.Databus;

/// <summary>Data points of an app that come together on one topic.</summary>
internal sealed record AnnouncedCollection(
    string Connection, string Name, string Topic, string PublishType, IReadOnlyList<AnnouncedDataPoint> DataPoints)
{
    /// <summary>Gets where values are written to; <see langword="null"/> when nothing can be written.</summary>
    public string? WriteTopic { get; init; }

    /// <summary>Gets a value indicating whether each value is a record of its own.</summary>
    public bool IsLong { get; init; }
}
