namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>A camera that was found.</summary>
/// <param name="Id">How its provider names it.</param>
public sealed record CameraInfo(string Id)
{
    /// <summary>Gets who made it; <see langword="null"/> when it does not say.</summary>
    public string? Vendor { get; init; }

    /// <summary>Gets its model; <see langword="null"/> when it does not say.</summary>
    public string? Model { get; init; }

    /// <summary>Gets its serial number; <see langword="null"/> when it does not say.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>Gets its address in the network or on the bus; <see langword="null"/> when it has none.</summary>
    public string? Address { get; init; }

    /// <summary>Gets how it is connected, for example <c>GigEVision</c> or <c>USB3Vision</c>.</summary>
    public string? Protocol { get; init; }
}
