using System.Text;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Tests.Protocol;

public class PacketRoundTripTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public void Connect_AllFields_ComeBack(MqttProtocolVersion version)
    {
        var expected = PacketSamples.Connect(version);
        var read = Cut(expected.Write(), (first, body) => ConnectPacket.Read(first, body));
        read.Password!.Value.ToArray().ShouldBe(expected.Password!.Value.ToArray());
        read.Will!.Payload.ToArray().ShouldBe(expected.Will!.Payload.ToArray());
        (read.AuthenticationData?.ToArray()).ShouldBe(expected.AuthenticationData?.ToArray());
        read.UserProperties.ShouldBe(expected.UserProperties);
        var comparable = read with
        {
            Password = expected.Password,
            Will = expected.Will,
            AuthenticationData = expected.AuthenticationData,
            UserProperties = expected.UserProperties,
        };
        comparable.ShouldBe(expected);
        (read.Will with { Payload = expected.Will.Payload, Properties = expected.Will.Properties }).ShouldBe(expected.Will);
    }

    [Fact]
    public void Connect_WillWithDelayAmongOthers_KeepsTheOthers()
    {
        byte[] contentType = [3, 0, 1, (byte)'x'];
        byte[] format = [1, 1];
        var packet = PacketSamples.Connect(MqttProtocolVersion.V5);
        // The delay is written first; reading has to find it in the middle as well.
        byte[] delay = [24, 0, 0, 0, 9];
        byte[] section = [.. contentType, .. delay, .. format];
        packet = packet with { Will = packet.Will! with { DelaySeconds = 0, Properties = section } };
        var will = Cut(packet.Write(), (first, body) => ConnectPacket.Read(first, body)).Will!;
        will.DelaySeconds.ShouldBe(9u);
        will.Properties.ToArray().ShouldBe([.. contentType, .. format]);
    }

    [Fact]
    public void ConnAck_Version5_ComesBack()
    {
        var expected = PacketSamples.ConnAck();
        var read = Cut(expected.Write(MqttProtocolVersion.V5), (first, body) => ConnAckPacket.Read(first, body, MqttProtocolVersion.V5));
        read.UserProperties.ShouldBe(expected.UserProperties);
        read.AuthenticationData!.Value.ToArray().ShouldBe(expected.AuthenticationData!.Value.ToArray());
        (read with { UserProperties = expected.UserProperties, AuthenticationData = expected.AuthenticationData }).ShouldBe(expected);
    }

    [Fact]
    public void Auth_AllFields_ComeBack()
    {
        foreach (var expected in PacketSamples.Auths())
        {
            var read = Cut(expected.Write(), (first, body) => AuthPacket.Read(first, body, MqttProtocolVersion.V5));
            read.Data.ToArray().ShouldBe(expected.Data.ToArray());
            (read with { Data = expected.Data }).ShouldBe(expected);
        }
    }

    [Fact]
    public void Publish_AliasAndExpiry_AreReadAndDoNotTravelOn()
    {
        byte[] contentType = [3, 0, 1, (byte)'x'];
        byte[] user = [38, 0, 1, (byte)'k', 0, 1, (byte)'v'];
        byte[] alias = [35, 0, 7];
        byte[] expiry = [2, 0, 0, 0, 60];
        foreach (byte[] section in new byte[][]
        {
            [.. alias, .. contentType, .. expiry, .. user],
            [.. contentType, .. expiry, .. user, .. alias],
            [.. contentType, .. user, .. expiry, .. alias],
            [.. expiry, .. alias, .. contentType, .. user],
            [.. contentType, .. user],
        })
        {
            var properties = PublishProperties.Read(section);
            (properties.TopicAlias, properties.ExpirySeconds).ShouldBe(section.Length > 11 ? ((ushort)7, 60u) : ((ushort)0, default(uint?)));
            var forwarded = new byte[properties.ForwardedLength];
            properties.CopyForwardedTo(forwarded);
            forwarded.ShouldBe([.. contentType, .. user]);
        }
    }

    [Theory]
    [InlineData(MqttReasonCode.Success)]
    [InlineData(MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData(MqttReasonCode.ClientIdentifierNotValid)]
    [InlineData(MqttReasonCode.ServerUnavailable)]
    [InlineData(MqttReasonCode.BadUserNameOrPassword)]
    [InlineData(MqttReasonCode.NotAuthorized)]
    public void ConnAck_Version311_TranslatesTheReason(MqttReasonCode reason)
    {
        var packet = new ConnAckPacket { Reason = reason }.Write(MqttProtocolVersion.V311);
        packet.Length.ShouldBe(4);
        Cut(packet, (first, body) => ConnAckPacket.Read(first, body, MqttProtocolVersion.V311)).Reason.ShouldBe(reason);
    }

    [Fact]
    public void Publish_Version5_CarriesPropertiesAndSubscriptionIds()
    {
        var packet = PacketSamples.Publish(MqttProtocolVersion.V5, flags: 0b1011);
        Cut(packet, (first, body) =>
        {
            var publish = PublishPacket.Read(first, body, MqttProtocolVersion.V5);
            Encoding.UTF8.GetString(publish.Topic).ShouldBe("line/3/temperature");
            Encoding.UTF8.GetString(publish.Payload).ShouldBe("21.75");
            publish.PacketId.ShouldBe((ushort)77);
            publish.QualityOfService.ShouldBe(MqttQualityOfService.AtLeastOnce);
            publish.Retain.ShouldBeTrue();
            List<string> found = [];
            var properties = new PropertyReader(publish.Properties.Section, PacketType.Publish);
            while (properties.Next())
                found.Add($"{properties.Id}:{properties.Number}:{Encoding.UTF8.GetString(properties.Bytes)}");
            found.ShouldBe(["SubscriptionIdentifier:1:", "SubscriptionIdentifier:200:", "ContentType:200:json", "UserProperty:200:k"]);
            return 0;
        });
    }

    [Fact]
    public void Publish_Version311_LeavesPropertiesOut()
    {
        var packet = PacketSamples.Publish(MqttProtocolVersion.V311, flags: 0);
        packet.Length.ShouldBe(2 + 2 + 18 + 5);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public void Subscribe_FilterAndOptions_ComeBack(MqttProtocolVersion version)
    {
        var options = new SubscriptionOptions(MqttQualityOfService.AtLeastOnce);
        if (version == MqttProtocolVersion.V5)
            options = options with { NoLocal = true, RetainAsPublished = true, RetainHandling = MqttRetainHandling.SendIfNew };
        Cut(SubscribePacket.Write(5, 12, "a/#", options, version), (first, body) =>
        {
            var packet = SubscribePacket.Read(first, body, version);
            packet.PacketId.ShouldBe((ushort)5);
            packet.SubscriptionId.ShouldBe(version == MqttProtocolVersion.V5 ? 12u : 0);
            packet.Next(out string filter, out var read).ShouldBeTrue();
            (filter, read).ShouldBe(("a/#", options));
            packet.Next(out _, out _).ShouldBeFalse();
            return 0;
        });
    }

    [Fact]
    public void Disconnect_ReasonAndExpiry_ComeBack()
    {
        var packet = new DisconnectPacket(MqttReasonCode.DisconnectWithWill, 5, "moved", "other");
        Cut(packet.Write(MqttProtocolVersion.V5), (first, body) => DisconnectPacket.Read(first, body, MqttProtocolVersion.V5)).ShouldBe(packet);
        packet.Write(MqttProtocolVersion.V311).ShouldBe([0xE0, 0]);
    }

    private delegate T Reading<T>(byte first, ReadOnlySpan<byte> body);

    private static T Cut<T>(byte[] packet, Reading<T> read)
    {
        FrameHeader.TryRead(packet, out var header).ShouldBeTrue();
        header.PacketLength.ShouldBe(packet.Length);
        return read(header.First, packet.AsSpan(header.Size));
    }
}
