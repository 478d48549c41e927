namespace Mlops.Databus;

/// <summary>One data point of a collection.</summary>
internal sealed record AnnouncedDataPoint(string Name, string Id, string DataType, bool IsArray);
