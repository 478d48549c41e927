namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>
/// Finds and opens cameras. Aravis is one; register another to bring a GenTL producer or a vendor's SDK. Providers are asked in
/// the order in which they were registered. Thread-safe.
/// </summary>
public interface ICameraProvider
{
    /// <summary>Gets the name by which settings choose it, lower case, for example <c>aravis</c>.</summary>
    string Name { get; }

    /// <summary>Looks for cameras; takes up to a few seconds and blocks.</summary>
    /// <returns>The cameras that answered.</returns>
    /// <exception cref="CameraException">The provider cannot work here; the message says what helps.</exception>
    IReadOnlyList<CameraInfo> Discover();

    /// <summary>Opens a camera for one user; blocks.</summary>
    /// <param name="camera">Its id, address, serial number or the name its user gave it.</param>
    /// <returns>The camera, to be disposed.</returns>
    /// <exception cref="CameraException">It does not answer, or somebody else has it; the message says which.</exception>
    ICamera Open(string camera);
}
