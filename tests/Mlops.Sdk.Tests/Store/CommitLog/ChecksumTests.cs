using System.Numerics;
using Mlops.Store.CommitLog;

namespace Mlops.Tests.Store.CommitLog;

public sealed class ChecksumTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Of_KnownText_IsCrc32C() => Checksum.Of("123456789"u8).ShouldBe(0xE306_9283);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(12_287)]
    [InlineData(12_288)]
    [InlineData(12_289)]
    [InlineData(100_003)]
    [InlineData(300_000)]
    public void Of_AnyLength_EqualsByteByByteAlsoForFiles(int length)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data);
        uint expected = ~0u;
        foreach (byte b in data)
            expected = BitOperations.Crc32C(expected, b);
        File.WriteAllBytes(_file, data);

        Checksum.Of(data).ShouldBe(~expected);
        Checksum.OfFile(_file).ShouldBe(~expected);
    }
}
