using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Tests.Types;

public sealed class NodeIdTests
{
    [Theory]
    [InlineData("i=85")]
    [InlineData("ns=2;i=4294967295")]
    [InlineData("ns=65535;s=a;b=c")]
    [InlineData("ns=1;s= ")]
    [InlineData("g=72962b91-fa75-4ae6-8d28-b404dc7daf63")]
    [InlineData("ns=2;b=AAH/")]
    public void Parse_EachForm_IsWrittenBack(string text) => NodeId.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("85")]
    [InlineData("i=-1")]
    [InlineData("ns=65536;i=1")]
    [InlineData("ns=x;i=1")]
    [InlineData("s=")]
    [InlineData("b=%")]
    [InlineData("ns=1")]
    public void Parse_Nonsense_SaysHowToWriteIt(string text) => Should.Throw<FormatException>(() => NodeId.Parse(text)).Message.ShouldContain("ns=2;s=Press.Temperature");

    [Fact]
    public void TryResolve_NamespaceMoved_FindsItByItsUri()
    {
        ExpandedNodeId.TryParse("nsu=http://vendor.com/a%3Bb;s=Temperature", out ExpandedNodeId id).ShouldBeTrue();

        id.TryResolve(["http://opcfoundation.org/UA/", "urn:other", "http://vendor.com/a;b"], out NodeId node).ShouldBeTrue();

        node.ToString().ShouldBe("ns=2;s=Temperature");
        id.TryResolve(["http://opcfoundation.org/UA/"], out _).ShouldBeFalse();
        id.ToString().ShouldBe("nsu=http://vendor.com/a%3Bb;s=Temperature");
    }

    [Theory]
    [InlineData("/Objects/2:Press/2:Temperature", 2, null)]
    [InlineData("/2:Press", 1, null)]
    [InlineData("/Objects/1:Plant/**", 1, "*")]
    [InlineData("/Objects/1:Plant/**/Temp*", 1, "Temp*")]
    [InlineData("ns=1;s=Plant/**/N*", 0, "N*")]
    public void NodeReference_EachForm_IsUnderstood(string text, int names, string? pattern)
    {
        NodeReference reference = NodeReference.Parse(text);

        reference.Path.Count.ShouldBe(names);
        reference.Pattern.ShouldBe(pattern);
    }

    [Fact]
    public void UaTime_Extremes_BecomeTheNearestNanoseconds()
    {
        new UaTime(long.MaxValue).ToNanoseconds().ShouldBe(9_223_372_036_854_775_800);
        new UaTime(1).ToNanoseconds().ShouldBeLessThan(-9_000_000_000_000_000_000);
        UaTime.FromNanoseconds(1_700_000_000_123_456_700).ToNanoseconds().ShouldBe(1_700_000_000_123_456_700);
        new UaTime(long.MaxValue).ToDateTimeOffset().ShouldBe(DateTimeOffset.MaxValue);
    }
}
