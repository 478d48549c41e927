namespace Mlops.Databus;

/// <summary>Data points of an app that come together on one topic.</summary>
internal sealed record AnnouncedCollection(
    string Connection, string Name, string Topic, string PublishType, IReadOnlyList<AnnouncedDataPoint> DataPoints);
