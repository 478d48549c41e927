using System.Buffers.Binary;
using System.Net;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.GigE;

/// <summary>What a GigE Vision camera answers when it is looked for (DISCOVERY_ACK): the first of its bootstrap registers.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Vendor">Who made it.</param>
/// <param name="Model">Its model.</param>
/// <param name="SerialNumber">Its serial number; of a camera that has none, the address of its network card.</param>
/// <param name="UserName">The name that its user gave it; empty when it has none.</param>
internal sealed record GigEAnswer(IPAddress Address, string Vendor, string Model, string SerialNumber, string UserName)
{
    /// <summary>Of a packet's header.</summary>
    private const int Header = 8;
    private const int DiscoveryAnswer = 0x0003;
    private const int CardAddress = 0x0a;
    private const int OwnAddress = 0x24;
    private const int AllRegisters = 0xf8;

    /// <summary>Gets the id under which searches show it, which is that of Aravis.</summary>
    public string Id => Printable($"{Vendor}-{Model}-{SerialNumber}");

    /// <summary>Reads a packet; <see langword="null"/> when it is no answer to the request of that number.</summary>
    public static GigEAnswer? TryRead(ReadOnlySpan<byte> packet, ushort request)
    {
        if (packet.Length < Header + AllRegisters
            || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != DiscoveryAnswer
            || BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) != request)
        {
            return null;
        }

        ReadOnlySpan<byte> registers = packet[Header..];
        string serial = Text(registers.Slice(0xd8, 16));
        if (serial.Length == 0)
            serial = string.Join(':', registers.Slice(CardAddress, 6).ToArray().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
        return new GigEAnswer(new IPAddress(registers.Slice(OwnAddress, 4)), Text(registers.Slice(0x48, 32)), Text(registers.Slice(0x68, 32)), serial, Text(registers.Slice(0xe8, 16)));
    }

    /// <summary>Tells whether a name is this camera's: its id, serial number, the name its user gave it, or as Aravis names it otherwise.</summary>
    /// <param name="name">The name.</param>
    /// <param name="alias">What else its maker is called.</param>
    public bool IsNamed(string name, string alias) =>
        name == SerialNumber || (name == UserName && name.Length > 0) || name == Id || name == Printable($"{Vendor}-{SerialNumber}") || name == Printable($"{alias}-{SerialNumber}");

    /// <summary>Returns it as a search shows it.</summary>
    public CameraInfo Describe() => new(Id) { Vendor = Vendor, Model = Model, SerialNumber = SerialNumber, Address = Address.ToString(), Protocol = "GigEVision" };

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private static string Printable(string text) => string.Concat(text.Where(c => c >= ' '));
}
