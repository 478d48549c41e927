using System.Buffers.Text;
using System.Globalization;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Pictures;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>
/// Keeps the newest frames in their buffers, so that predictions see their pixels before, or without, anything being encoded. A frame that
/// is not stored is named <c>frame:feed/time</c> in its record. Thread-safe.
/// </summary>
internal sealed class RecentFrames : IPictureSource, IDisposable
{
    private const int LongestTime = 20;
    private readonly (CameraFrame? Frame, BlobReference? Stored)[] _ring;
    private readonly string _prefix;
    private readonly byte[] _name;
    private readonly Lock _gate = new();
    private readonly IDisposable? _registration;
    private int _next;

    /// <param name="feed">The feed of the frames.</param>
    /// <param name="count">How many are kept.</param>
    /// <param name="pictures">Where they are offered; <see langword="null"/> when the host has no pictures.</param>
    public RecentFrames(string feed, int count, IPictures? pictures)
    {
        _ring = new (CameraFrame?, BlobReference?)[pictures is null ? 0 : count];
        _prefix = $"frame:{feed}/";
        _name = new byte[System.Text.Encoding.UTF8.GetByteCount(_prefix) + LongestTime];
        System.Text.Encoding.UTF8.GetBytes(_prefix, _name);
        _registration = pictures?.Add(this);
    }

    /// <summary>Keeps a frame; the oldest goes back.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="stored">What its record names when it was stored without loss.</param>
    public void Offer(CameraFrame frame, BlobReference? stored)
    {
        if (_ring.Length == 0)
            return;
        CameraFrame? oldest;
        lock (_gate)
        {
            oldest = _ring[_next].Frame;
            _ring[_next] = (frame.Share(), stored);
            _next = (_next + 1) % _ring.Length;
        }

        oldest?.Dispose();
    }

    /// <summary>Returns the name of a frame that is not stored, valid until the next call; empty when none are kept. One thread at a time.</summary>
    public ReadOnlySpan<byte> NameOf(CameraFrame frame)
    {
        if (_ring.Length == 0)
            return default;
        Utf8Formatter.TryFormat(frame.HostTime, _name.AsSpan(_name.Length - LongestTime), out int digits);
        return _name.AsSpan(0, _name.Length - LongestTime + digits);
    }

    public IPicture? Find(string reference)
    {
        bool isName = reference.StartsWith(_prefix, StringComparison.Ordinal);
        if (isName ? !long.TryParse(reference.AsSpan(_prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long time) : !IsHash(reference, out time))
            return null;
        lock (_gate)
        {
            foreach ((CameraFrame? frame, BlobReference? stored) in _ring)
            {
                if (frame is not null && (isName ? frame.HostTime == time : stored is not null && reference.AsSpan(7, 64).SequenceEqual(stored.Hash)))
                    return FramePicture.TryOpen(frame);
            }
        }

        return null;
    }

    public void Dispose()
    {
        _registration?.Dispose();
        lock (_gate)
        {
            foreach ((CameraFrame? frame, _) in _ring)
                frame?.Dispose();
            Array.Clear(_ring);
        }
    }

    private static bool IsHash(string reference, out long time)
    {
        time = 0;
        return reference.Length > 71 && reference.StartsWith("sha256:", StringComparison.Ordinal);
    }
}
