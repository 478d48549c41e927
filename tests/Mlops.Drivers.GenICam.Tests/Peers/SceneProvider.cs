using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Mlops.Data;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Pixels;
using Mlops.Testing.Surfaces;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A camera above the scene of metal plates, behind the seam of other providers. It remembers what was on each frame.</summary>
internal sealed class SceneProvider(int seed, TimeSpan interval) : ICameraProvider
{
    /// <summary>Gets the truth by the number of the frame.</summary>
    public ConcurrentDictionary<long, SurfacePicture> Truth { get; } = new();

    /// <summary>Gets or sets a value indicating whether no plate comes now.</summary>
    public bool IsPaused { get; set; }

    public string Name => "scene";

    public IReadOnlyList<CameraInfo> Discover() => [new CameraInfo("scene")];

    public ICamera Open(string camera) => camera == "scene" ? new SceneCamera(this, new SurfaceScene(seed), interval) : throw new CameraException($"Camera '{camera}' was not found.");

    private sealed class SceneCamera(SceneProvider provider, SurfaceScene scene, TimeSpan interval) : ICamera
    {
        public CameraInfo Info => new("scene");

        public bool IsLost => false;

        public IReadOnlyList<CameraFeature> List(string? category) => [];

        public CameraFeature Describe(string name) => throw Missing(name);

        public object Read(string name) => throw Missing(name);

        public object Write(string name, object value) => throw Missing(name);

        public void SetFrameRate(double framesPerSecond)
        {
            // The line has its own pace.
        }

        public void SetTrigger(string? source)
        {
            // Plates come by themselves.
        }

        public void Trigger()
        {
            // As above.
        }

        public IFrameSource Start(StreamOptions options) => new SceneFrames(provider, scene, interval, options.Buffers);

        public void Dispose()
        {
            // Nothing is held.
        }

        private static CameraException Missing(string name) => new($"Camera 'scene' has no feature '{name}'.") { IsWrongSetting = true };
    }

    private sealed class SceneFrames : IFrameSource
    {
        private readonly SceneProvider _provider;
        private readonly SurfaceScene _scene;
        private readonly TimeSpan _interval;
        private readonly ConcurrentBag<SceneFrame> _free = [];
        private long _last;

        public SceneFrames(SceneProvider provider, SurfaceScene scene, TimeSpan interval, int buffers)
        {
            (_provider, _scene, _interval) = (provider, scene, interval);
            for (int i = 0; i < buffers; i++)
                _free.Add(new SceneFrame(_free));
        }

        public StreamStatistics Statistics => new(_provider.Truth.Count, 0, 0, 0, 0);

        public CameraFrame? Take(TimeSpan timeout)
        {
            while (Stopwatch.GetElapsedTime(_last) < _interval)
                Thread.Sleep(1);
            if (_provider.IsPaused || !_free.TryTake(out SceneFrame? frame))
            {
                Thread.Sleep(1);
                return null;
            }

            _last = Stopwatch.GetTimestamp();
            SurfacePicture picture = _scene.Next();
            long number = _provider.Truth.Count + 1;
            _provider.Truth[number] = picture;
            return frame.Fill(picture, number);
        }

        public void Dispose()
        {
            // The frames go with the last one who has them.
        }
    }

    private sealed unsafe class SceneFrame(ConcurrentBag<SceneFrame> free) : CameraFrame
    {
        private readonly byte[] _bytes = GC.AllocateArray<byte>(128 * 128, pinned: true);

        public SceneFrame Fill(SurfacePicture picture, long number)
        {
            picture.Pixels.Span.CopyTo(_bytes);
            Data = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);
            (Length, Width, Height, Format) = (_bytes.Length, picture.Width, picture.Height, PixelFormat.Mono8);
            (Number, CameraTime, HostTime, IsComplete) = ((ulong)number, (ulong)number, EpochTime.FromDateTimeOffset(DateTimeOffset.UtcNow), true);
            Begin();
            return this;
        }

        public override double? Chunk(string name) => null;

        protected override void GiveBack() => free.Add(this);
    }
}
