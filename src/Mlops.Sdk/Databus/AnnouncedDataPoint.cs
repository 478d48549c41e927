namespace Mlops.Databus;

/// <summary>One data point of a collection.</summary>
internal sealed record AnnouncedDataPoint(string Name, string Id, string DataType, bool IsArray)
{
    /// <summary>Gets what others may do with it: <c>r</c>, <c>w</c> or <c>rw</c>; <see langword="null"/> when the app does not say.</summary>
    public string? AccessMode { get; init; }

    /// <summary>Gets a value indicating whether others may write it.</summary>
    public bool IsWritable => AccessMode?.Contains('w', StringComparison.OrdinalIgnoreCase) == true;
}
