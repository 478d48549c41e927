using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Tests.Binary;

public sealed class VariantTests
{
    public static TheoryData<Variant> Values => [.. Samples];

    internal static IReadOnlyList<Variant> Samples { get; } =
    [
        default,
        Variant.From(true),
        Variant.From(sbyte.MinValue, BuiltInType.SByte),
        Variant.From(byte.MaxValue, BuiltInType.Byte),
        Variant.From(short.MinValue, BuiltInType.Int16),
        Variant.From(ushort.MaxValue, BuiltInType.UInt16),
        Variant.From(int.MinValue, BuiltInType.Int32),
        Variant.From(uint.MaxValue, BuiltInType.UInt32),
        Variant.From(long.MinValue),
        Variant.From(ulong.MaxValue),
        Variant.From(float.Epsilon),
        Variant.From(double.NaN),
        Variant.From(double.NegativeInfinity),
        Variant.From("Öl €"),
        Variant.From(""),
        Variant.From((string?)null),
        Variant.From("<a/>", BuiltInType.XmlElement),
        Variant.From(UaTime.FromNanoseconds(1_767_323_045_678_000_000)),
        Variant.From(new StatusCode(0x808B_0000)),
        Variant.FromBytes([0, 255]),
        Variant.FromBytes(null),
        Variant.FromObject(BuiltInType.Guid, Guid.Parse("72962B91-FA75-4AE6-8D28-B404DC7DAF63")),
        Variant.FromObject(BuiltInType.NodeId, NodeId.Parse("i=85")),
        Variant.FromObject(BuiltInType.NodeId, NodeId.Parse("ns=3;i=70000")),
        Variant.FromObject(BuiltInType.NodeId, NodeId.Parse("ns=2;s=Press.Temperature")),
        Variant.FromObject(BuiltInType.NodeId, NodeId.Parse("ns=2;g=72962b91-fa75-4ae6-8d28-b404dc7daf63")),
        Variant.FromObject(BuiltInType.NodeId, NodeId.Parse("ns=2;b=AAH/")),
        Variant.FromObject(BuiltInType.ExpandedNodeId, new ExpandedNodeId(new NodeId("a", 0), "http://vendor.com/", 2)),
        Variant.FromObject(BuiltInType.QualifiedName, new QualifiedName(1, "name")),
        Variant.FromObject(BuiltInType.LocalizedText, new LocalizedText("warm", "de")),
        Variant.FromObject(BuiltInType.DataValue, new DataValue(Variant.From(1.5), new StatusCode(0x4090_0000), new UaTime(5), new UaTime(6))),
        Variant.FromArray(BuiltInType.Double, new[] { 1.0, double.NaN }),
        Variant.FromArray(BuiltInType.Double, Array.Empty<double>()),
        Variant.FromArray(BuiltInType.Double, null),
        Variant.FromArray(BuiltInType.Boolean, new[] { true, false }),
        Variant.FromArray(BuiltInType.SByte, new sbyte[] { -1, 1 }),
        Variant.FromArray(BuiltInType.Byte, new byte[] { 1, 255 }),
        Variant.FromArray(BuiltInType.UInt16, new ushort[] { 1, 65535 }),
        Variant.FromArray(BuiltInType.UInt64, new[] { ulong.MaxValue }),
        Variant.FromArray(BuiltInType.String, new[] { "a", null, "" }),
        Variant.FromArray(BuiltInType.ByteString, new byte[]?[] { [1], null }),
        Variant.FromArray(BuiltInType.StatusCode, new[] { new StatusCode(1) }),
        Variant.FromArray(BuiltInType.DateTime, new[] { new UaTime(9) }),
        Variant.FromArray(BuiltInType.Variant, new[] { Variant.From(1), Variant.From("b") }),
        Variant.FromMatrix(BuiltInType.Int32, new Matrix(new[] { 1, 2, 3, 4, 5, 6 }, [2, 3])),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Variant_WrittenAndRead_IsTheSame(Variant value)
    {
        var writer = new UaWriter();
        writer.Variant(value);
        var reader = new UaReader(writer.Written);

        reader.Variant().ShouldBe(value);
        reader.Remaining.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void DataValue_WrittenAndRead_IsTheSame(Variant value)
    {
        var whole = new DataValue(value, new StatusCode(0x8005_0000), new UaTime(130_000_000_000_000_000), new UaTime(1));
        var writer = new UaWriter();
        writer.DataValue(whole);
        var reader = new UaReader(writer.Written);

        reader.DataValue().ShouldBe(whole);
    }

    [Fact]
    public void ExtensionObject_WrittenAndRead_KeepsItsBytes()
    {
        var writer = new UaWriter();
        writer.Variant(Variant.FromObject(BuiltInType.ExtensionObject, new ExtensionObject(NodeId.Parse("ns=4;i=5001"), new byte[] { 1, 2, 3 })));
        var reader = new UaReader(writer.Written);

        var structure = (ExtensionObject)reader.Variant().ToObject()!;

        structure.TypeId.ToString().ShouldBe("ns=4;i=5001");
        structure.Body.ToArray().ShouldBe([1, 2, 3]);
    }
}
