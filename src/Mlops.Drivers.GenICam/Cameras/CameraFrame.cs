using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>
/// A frame in a buffer of the stream's fixed pool. Whoever wants it beyond the call takes a share with <see cref="Share"/>; when the
/// last one has disposed of his, the buffer goes back to the camera.
/// </summary>
public abstract unsafe class CameraFrame : IDisposable
{
    private int _shares;

    /// <summary>Gets the number that the camera gave it.</summary>
    public ulong Number { get; protected set; }

    /// <summary>Gets the camera's own time of it in nanoseconds; its beginning is the camera's choice.</summary>
    public ulong CameraTime { get; protected set; }

    /// <summary>Gets when its first packet came, nanoseconds since 1970 UTC.</summary>
    public long HostTime { get; protected set; }

    /// <summary>Gets the width in pixels.</summary>
    public int Width { get; protected set; }

    /// <summary>Gets the height in pixels.</summary>
    public int Height { get; protected set; }

    /// <summary>Gets how its pixels are written.</summary>
    public PixelFormat Format { get; protected set; }

    /// <summary>Gets a value indicating whether all of it has come.</summary>
    public bool IsComplete { get; protected set; }

    /// <summary>Gets the pixels, as the camera sent them; valid until disposed.</summary>
    public ReadOnlySpan<byte> Pixels => new(Data, Length);

    /// <summary>Gets or sets where the pixels are.</summary>
    protected byte* Data { get; set; }

    /// <summary>Gets or sets how many bytes they take.</summary>
    protected int Length { get; set; }

    /// <summary>Reads a value that the camera sent with the frame.</summary>
    /// <param name="name">Name of the chunk's feature, for example <c>ChunkExposureTime</c>.</param>
    /// <returns>The value; <see langword="null"/> when the frame has none of that name.</returns>
    public abstract double? Chunk(string name);

    /// <summary>Keeps the frame from going back until disposed once more. Only who has a share may take another.</summary>
    /// <returns>The same frame.</returns>
    public CameraFrame Share()
    {
        Interlocked.Increment(ref _shares);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _shares) == 0)
            GiveBack();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the frame the taker's.</summary>
    protected void Begin() => Volatile.Write(ref _shares, 1);

    /// <summary>Gives the buffer back to the camera.</summary>
    protected abstract void GiveBack();
}
