namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>A feature of a camera, as its own description (GenApi) has it.</summary>
/// <param name="Name">Its name, for example <c>ExposureTime</c>.</param>
/// <param name="Kind">What it is.</param>
public sealed record CameraFeature(string Name, FeatureKind Kind)
{
    /// <summary>Gets the name for people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Gets what it does.</summary>
    public string? Description { get; init; }

    /// <summary>Gets its value: bool, long, double or string; <see langword="null"/> for categories and commands, and when it cannot be read now.</summary>
    public object? Value { get; init; }

    /// <summary>Gets the least value: long or double.</summary>
    public object? Minimum { get; init; }

    /// <summary>Gets the greatest value: long or double.</summary>
    public object? Maximum { get; init; }

    /// <summary>Gets the step between values; <see langword="null"/> when any will do.</summary>
    public object? Increment { get; init; }

    /// <summary>Gets the unit; <see langword="null"/> when it has none.</summary>
    public string? Unit { get; init; }

    /// <summary>Gets what an enumeration can be now.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Gets a value indicating whether it can be written now.</summary>
    public bool IsWritable { get; init; }
}
