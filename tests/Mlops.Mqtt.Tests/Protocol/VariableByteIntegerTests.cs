using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Tests.Protocol;

public class VariableByteIntegerTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(16_383, 2)]
    [InlineData(16_384, 3)]
    [InlineData(2_097_151, 3)]
    [InlineData(2_097_152, 4)]
    [InlineData(VariableByteInteger.MaxValue, 4)]
    public void Write_Value_IsReadBack(int value, int size)
    {
        var bytes = new byte[4];
        VariableByteInteger.Write(bytes, value).ShouldBe(size);
        VariableByteInteger.SizeOf(value).ShouldBe(size);
        VariableByteInteger.TryRead(bytes, out int read, out int readSize).ShouldBeTrue();
        (read, readSize).ShouldBe((value, size));
        VariableByteInteger.TryRead(bytes.AsSpan(0, size - 1), out _, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x00 })]
    [InlineData(new byte[] { 0xFF, 0x80, 0x00 })]
    public void TryRead_MoreBytesThanNeeded_IsMalformed(byte[] bytes) =>
        Should.Throw<MqttProtocolException>(() => VariableByteInteger.TryRead(bytes, out _, out _)).ReasonCode.ShouldBe(MqttReasonCode.MalformedPacket);

    [Fact]
    public void TryRead_FifthByte_IsMalformed()
    {
        Should.Throw<MqttProtocolException>(() => VariableByteInteger.TryRead([0x80, 0x80, 0x80, 0x80], out _, out _));
        Should.Throw<MqttProtocolException>(() => VariableByteInteger.TryRead([0x80, 0x80, 0x80, 0x80, 1], out _, out _));
    }
}
