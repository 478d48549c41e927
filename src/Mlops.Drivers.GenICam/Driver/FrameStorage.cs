using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Stores frames as blobs. A frame that cannot be stored is counted and gone; nothing else stops for it. One call at a time.</summary>
internal sealed class FrameStorage(GenICamStorageSettings settings, IBlobStore? blobs, FrameCounters counters) : IDisposable
{
    private readonly FrameEncoder _encoder = new();
    private long _seen;

    /// <summary>Gets why a frame could not be stored when that last happened; <see langword="null"/> when it never did.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Tells whether the next frame is to be stored at once.</summary>
    public bool IsNextWanted() => settings.Frames switch
    {
        StoredFrames.All => true,
        StoredFrames.Some => _seen++ % settings.Every == 0,
        _ => false,
    };

    /// <returns>The reference; <see langword="null"/> when it could not be stored.</returns>
    public async ValueTask<BlobReference?> StoreAsync(CameraFrame frame, CancellationToken cancel)
    {
        try
        {
            var (content, mediaType) = _encoder.Encode(frame, settings.Encoding, settings.Quality);
            BlobReference reference = await blobs!.PutAsync(content, mediaType, cancel).ConfigureAwait(false);
            counters.CountStored();
            return reference;
        }
        catch (Exception error) when (error is IOException or NotSupportedException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            Trouble = error.Message;
            counters.CountFailed();
            return null;
        }
    }

    public void Dispose() => _encoder.Dispose();
}
