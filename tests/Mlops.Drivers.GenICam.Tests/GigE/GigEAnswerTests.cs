using System.Net;
using Mlops.Drivers.GenICam.GigE;

namespace Mlops.Drivers.GenICam.Tests.GigE;

public sealed class GigEAnswerTests
{
    private const ushort Request = 0xffff;

    [Fact]
    public void TryRead_AnswerOfACamera_TellsWhatItIs()
    {
        GigEAnswer answer = GigEAnswer.TryRead(Packet("Point Grey Research", "Blackfly", "17", "above"), Request)!;

        answer.ShouldBe(new GigEAnswer(IPAddress.Parse("10.0.0.7"), "Point Grey Research", "Blackfly", "17", "above"));
        answer.Id.ShouldBe("Point Grey Research-Blackfly-17");
        answer.Describe().Address.ShouldBe("10.0.0.7");
        foreach (string name in (string[])["17", "above", "Point Grey Research-Blackfly-17", "Point Grey Research-17", "PointGrey-17"])
            answer.IsNamed(name, "PointGrey").ShouldBeTrue(name);
        foreach (string name in (string[])["", "1", "Blackfly", "PointGrey"])
            answer.IsNamed(name, "PointGrey").ShouldBeFalse(name);
    }

    [Fact]
    public void TryRead_CameraWithoutSerialNumberAndName_HasTheAddressOfItsCard()
    {
        GigEAnswer answer = GigEAnswer.TryRead(Packet("Mlops", "Bare", "", ""), Request)!;

        answer.SerialNumber.ShouldBe("01:02:03:04:05:0a");
        answer.IsNamed("", "").ShouldBeFalse();
    }

    [Fact]
    public void TryRead_TextsWithoutAnEnd_EndWithTheirField()
    {
        GigEAnswer answer = GigEAnswer.TryRead(Packet(new string('v', 32), new string('m', 32), new string('s', 16), new string('u', 16)), Request)!;

        (answer.Vendor.Length, answer.Model.Length, answer.SerialNumber.Length, answer.UserName.Length).ShouldBe((32, 32, 16, 16));
    }

    [Fact]
    public void TryRead_AnythingElse_IsNoAnswer()
    {
        byte[] packet = Packet("Mlops", "HandMade", "1", "");
        for (int length = 0; length < packet.Length; length++)
            GigEAnswer.TryRead(packet.AsSpan(0, length), Request).ShouldBeNull();
        GigEAnswer.TryRead(packet, 1).ShouldBeNull("it answers somebody else");
        packet[3] = 0x81;
        GigEAnswer.TryRead(packet, Request).ShouldBeNull("it answers something else");
    }

    [Fact]
    public void TryRead_AnyBytes_GivesAnAnswerOrNone()
    {
        var random = new Random(4);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] packet = Packet("Mlops", "HandMade", "1", "belt");
            for (int changes = random.Next(1, 40); changes > 0; changes--)
                packet[random.Next(packet.Length)] = (byte)random.Next(256);

            if (GigEAnswer.TryRead(packet, Request) is { } answer)
                answer.Id.ShouldAllBe(c => c >= ' ');
        }
    }

    private static byte[] Packet(string vendor, string model, string serial, string userName)
    {
        var packet = new byte[8 + 0xf8];
        (packet[3], packet[5], packet[6], packet[7]) = (0x03, 0xf8, 0xff, 0xff);
        foreach ((int at, byte[] bytes) in (IEnumerable<(int, byte[])>)
        [
            (0x0a, [1, 2, 3, 4, 5, 10]), (0x24, [10, 0, 0, 7]), (0x48, Ascii(vendor)), (0x68, Ascii(model)), (0xd8, Ascii(serial)), (0xe8, Ascii(userName)),
        ])
        {
            bytes.CopyTo(packet, 8 + at);
        }

        return packet;
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
