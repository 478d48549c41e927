using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Mlops.Pictures;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Pictures in memory as a camera's frames are: of one size, each all of the grey that is its name. When one is disposed the next frame comes into its memory.</summary>
internal sealed class PictureMemory(int width, int height, int channels = 1) : IPictures
{
    private const byte NextFrame = 0xee;
    private readonly ConcurrentDictionary<string, InMemory> _opened = new();

    /// <summary>Gets the names of pictures that somebody holds.</summary>
    public string[] Held => [.. _opened.Where(p => p.Value.IsHeld).Select(p => p.Key).Order(StringComparer.Ordinal)];

    public IPicture Open(string reference, string? folder = null) => _opened[reference] = new InMemory(width, height, channels, byte.Parse(reference, CultureInfo.InvariantCulture));

    /// <summary>Tells where a picture lay.</summary>
    public nint AddressOf(string reference) => _opened[reference].Samples;

    public IDisposable Add(IPictureSource source) => throw new NotSupportedException();

    private sealed class InMemory : IPicture
    {
        private readonly byte[] _samples;

        public InMemory(int width, int height, int channels, byte grey)
        {
            (Width, Height, Channels) = (width, height, channels);
            _samples = GC.AllocateArray<byte>(width * height * channels, pinned: true);
            _samples.AsSpan().Fill(grey);
        }

        public int Width { get; }

        public int Height { get; }

        public int Channels { get; }

        public nint Samples => Marshal.UnsafeAddrOfPinnedArrayElement(_samples, 0);

        public bool IsHeld { get; private set; } = true;

        public void CopyTo(Span<byte> samples) => _samples.CopyTo(samples);

        public void Dispose()
        {
            IsHeld = false;
            _samples.AsSpan().Fill(NextFrame);
        }
    }
}
