namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>How frames are taken.</summary>
public sealed record StreamOptions
{
    /// <summary>Gets how many frames there is memory for; the number never changes.</summary>
    public int Buffers { get; init; } = 16;

    /// <summary>Gets the size of a GigE Vision packet in bytes, headers included; <see langword="null"/> for the camera's own, 0 to find the largest that the network carries.</summary>
    public int? PacketSize { get; init; }

    /// <summary>Gets the size of the receiving socket's buffer in bytes.</summary>
    public int SocketBuffer { get; init; } = 16 * 1024 * 1024;

    /// <summary>Gets a value indicating whether lost packets are asked for again.</summary>
    public bool Resend { get; init; } = true;

    /// <summary>Gets a value indicating whether packets may be taken from the network card before the system's own handling, where the account may do that.</summary>
    public bool PacketSocket { get; init; } = true;
}
