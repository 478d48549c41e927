using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>Passes everything on and notes in which buffers frames came.</summary>
internal sealed class WatchedProvider(ICameraProvider inner) : ICameraProvider
{
    private readonly ConcurrentDictionary<nint, bool> _buffers = new();

    /// <summary>Gets in how many buffers frames have come.</summary>
    public int Buffers => _buffers.Count;

    public string Name => inner.Name;

    public IReadOnlyList<CameraInfo> Discover() => inner.Discover();

    public ICamera Open(string camera) => new WatchedCamera(this, inner.Open(camera));

    private unsafe void Note(CameraFrame frame) => _buffers[(nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(frame.Pixels))] = true;

    private sealed class WatchedCamera(WatchedProvider provider, ICamera inner) : ICamera
    {
        public CameraInfo Info => inner.Info;

        public bool IsLost => inner.IsLost;

        public IReadOnlyList<CameraFeature> List(string? category) => inner.List(category);

        public CameraFeature Describe(string name) => inner.Describe(name);

        public object Read(string name) => inner.Read(name);

        public object Write(string name, object value) => inner.Write(name, value);

        public void SetFrameRate(double framesPerSecond) => inner.SetFrameRate(framesPerSecond);

        public void SetTrigger(string? source) => inner.SetTrigger(source);

        public void Trigger() => inner.Trigger();

        public IFrameSource Start(StreamOptions options) => new WatchedFrames(provider, inner.Start(options));

        public void Dispose() => inner.Dispose();
    }

    private sealed class WatchedFrames(WatchedProvider provider, IFrameSource inner) : IFrameSource
    {
        public StreamStatistics Statistics => inner.Statistics;

        public CameraFrame? Take(TimeSpan timeout)
        {
            CameraFrame? frame = inner.Take(timeout);
            if (frame is not null)
                provider.Note(frame);
            return frame;
        }

        public void Dispose() => inner.Dispose();
    }
}
