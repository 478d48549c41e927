using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>The memory of a camera as GigE Vision lays it out: its bootstrap registers, those of its features, and the description of these. Numbers have the high byte first.</summary>
internal sealed class CameraRegisters
{
    public const int UserName = 0xe8;
    public const int DiscoveryBytes = 0xf8;
    public const int Control = 0xa00;
    public const int StreamPort = 0xd00;
    public const int PacketSize = 0xd04;
    public const int StreamAddress = 0xd18;
    public const int Width = 0x4000;
    public const int Height = 0x4004;
    public const int PixelFormat = 0x4008;
    public const int PayloadSize = 0x400c;
    public const int AcquisitionMode = 0x4010;
    public const int Acquisition = 0x4014;
    public const int TriggerMode = 0x4020;
    public const int TriggerSource = 0x4024;
    public const int TriggerActivation = 0x4028;
    public const int TriggerSoftware = 0x402c;
    public const int ChunkMode = 0x4030;
    public const int ChunkEnable = 0x4040;
    public const int ExposureTime = 0x4050;
    public const int Gain = 0x4054;
    public const uint Mono8 = 0x01080001;
    private const int Description = 0x10000;

    // What the camera can do beyond the least: several registers at once, writing memory, sending packets again.
    private const uint Capabilities = 0b111;
    private readonly byte[] _memory;

    public CameraRegisters(byte[] address, string serial, string userName)
    {
        byte[] description = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(Here())!, "hand-made-camera.xml"));
        _memory = new byte[Description + description.Length + 512];
        description.CopyTo(_memory, Description);
        Set(0x000, 0x0001_0002);
        Set(0x004, 0x8000_0001);
        Set(0x00c, BinaryPrimitives.ReadUInt32BigEndian(address));
        address.CopyTo(_memory, 0x24);
        SetText(0x48, "Mlops");
        SetText(0x68, "HandMade");
        SetText(0x88, "1.0");
        SetText(0xd8, serial);
        SetText(UserName, userName);
        SetText(0x200, $"Local:hand-made-camera.xml;{Description:x};{description.Length:x}");
        Set(0x904, 1);
        Set(0x934, Capabilities);
        Set(0x938, 3000);
        Set(0x940, 1_000_000_000);
        Set(PacketSize, 1500);
        Set(Width, 64);
        Set(Height, 48);
        Set(PixelFormat, Mono8);
        SetFloat(ExposureTime, 5000);
        SetFloat(Gain, 3);
    }

    public uint this[int address] => BinaryPrimitives.ReadUInt32BigEndian(_memory.AsSpan(address));

    public void Set(int address, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_memory.AsSpan(address), value);

    public ReadOnlySpan<byte> Bytes(int address, int count) => _memory.AsSpan(address, count);

    public void Write(int address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_memory.AsSpan(address));

    public string Text(int address, int length) => System.Text.Encoding.ASCII.GetString(_memory, address, length).TrimEnd('\0');

    private void SetFloat(int address, float value) => BinaryPrimitives.WriteSingleBigEndian(_memory.AsSpan(address), value);

    private void SetText(int address, string text) => System.Text.Encoding.ASCII.GetBytes(text, _memory.AsSpan(address));

    private static string Here([CallerFilePath] string path = "") => path;
}
