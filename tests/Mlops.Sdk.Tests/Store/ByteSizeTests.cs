using Mlops.Store;

namespace Mlops.Tests.Store;

public class ByteSizeTests
{
    [Theory]
    [InlineData("128 MB", 128L * 1024 * 1024)]
    [InlineData("128MB", 128L * 1024 * 1024)]
    [InlineData(" 1.5 GiB ", 1536L * 1024 * 1024)]
    [InlineData("64 kb", 64L * 1024)]
    [InlineData("2 k", 2048)]
    [InlineData("1 TB", 1L << 40)]
    [InlineData("4096", 4096)]
    [InlineData("10 B", 10)]
    public void Parse_NumberWithOrWithoutUnit_GivesBytes(string text, long bytes)
    {
        ByteSize.Parse(text).Bytes.ShouldBe(bytes);
        ByteSize.Parse(ByteSize.Parse(text).ToString()).Bytes.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1 MB")]
    [InlineData("12 parsecs")]
    [InlineData("1,5 GB")]
    [InlineData("99999999999999999999 TB")]
    public void Parse_AnythingElse_SaysWhatIsExpected(string text) =>
        Should.Throw<FormatException>(() => ByteSize.Parse(text)).Message.ShouldContain("such as 128 MB");
}
