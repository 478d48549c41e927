using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Structures;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Tests.Structures;

/// <summary>Whatever bytes a structure has, they are read to their end or not at all.</summary>
public sealed class StructureDecoderTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1" ? 1_000_000 : 20_000;
    private static readonly NodeId Encoding = new(1, 2);

    [Fact]
    public void TryRead_MatrixAndNestedArrays_KeepsEveryValue()
    {
        Variant[] leaves = new Variant[Type.Leaves.Count];

        StructureDecoder.TryRead(Value(Encode()), Type, leaves).ShouldBeTrue();

        Type.Leaves.Select(l => l.Path).ShouldBe(["Grid", "Boxes.Size", "Boxes.Tags", "Any", "Note"]);
        leaves[0].Elements!.Cast<Variant>().Select(v => v.AsInt64()).ShouldBe([1L, 2, 3, 4, 5, 6]);
        leaves[1].Elements!.Cast<Variant>().Select(v => v.ToObject()).ShouldBe([1.5, 2.5]);
        leaves[2].Elements!.Cast<Variant>().Select(v => v.Elements).ShouldBe([new[] { "a", "b" }, Array.Empty<string>()]);
        leaves[3].ToObject().ShouldBe(77);
        leaves[4].IsNull.ShouldBeTrue();
    }

    [Fact]
    public void TryRead_EveryTruncation_IsRefused()
    {
        byte[] bytes = Encode();
        var leaves = new Variant[Type.Leaves.Count];
        for (int length = 0; length < bytes.Length; length++)
            StructureDecoder.TryRead(Value(bytes[..length]), Type, leaves).ShouldBeFalse($"{length} of {bytes.Length} bytes");
        StructureDecoder.TryRead(Value([.. bytes, 0]), Type, leaves).ShouldBeFalse("a byte too many");
    }

    [Fact]
    public void TryRead_MutatedBytes_EndsWithValuesOrIsRefused()
    {
        byte[] bytes = Encode();
        var random = new Random(3);
        var leaves = new Variant[Type.Leaves.Count];
        int refused = 0;
        for (int i = 0; i < Rounds; i++)
        {
            byte[] mutated = [.. bytes];
            for (int changes = random.Next(1, 5); changes > 0; changes--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            refused += StructureDecoder.TryRead(Value(mutated), Type, leaves) ? 0 : 1;
        }

        refused.ShouldBeInRange(1, Rounds - 1);
    }

    [Fact]
    public void TryRead_AnotherType_IsRefused()
    {
        var leaves = new Variant[Type.Leaves.Count];

        StructureDecoder.TryRead(Variant.FromObject(BuiltInType.ExtensionObject, new ExtensionObject(new NodeId(2, 2), Encode())), Type, leaves).ShouldBeFalse();
        StructureDecoder.TryRead(Variant.From(1.0), Type, leaves).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("<x")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    public void TryParse_WhatIsNoDictionary_IsNull(string xml) => TypeDictionary.TryParse(System.Text.Encoding.UTF8.GetBytes(xml)).ShouldBeNull();

    [Fact]
    public void Find_TypeThatHoldsItself_IsNotRead()
    {
        TypeDictionary dictionary = TypeDictionary.TryParse("""
            <d xmlns:opc="http://opcfoundation.org/BinarySchema/" xmlns:tns="urn:x">
              <StructuredType Name="Tree"><Field Name="NoOfChildren" TypeName="opc:Int32"/><Field Name="Children" TypeName="tns:Tree" LengthField="NoOfChildren"/></StructuredType>
              <StructuredType Name="Choice"><Field Name="SwitchField" TypeName="opc:UInt32"/><Field Name="A" TypeName="opc:Double" SwitchField="SwitchField" SwitchValue="1"/><Field Name="B" TypeName="opc:CharArray" SwitchField="SwitchField" SwitchValue="2"/></StructuredType>
            </d>
            """u8.ToArray())!;

        dictionary.Find("Tree", Encoding).ShouldBeNull();
        dictionary.Find("Nothing", Encoding).ShouldBeNull();
        StructureType choice = dictionary.Find("Choice", Encoding)!;
        choice.IsUnion.ShouldBeTrue();
        choice.Leaves.Select(l => (l.Path, l.Type)).ShouldBe([("A", BuiltInType.Double), ("B", BuiltInType.String)]);
    }

    private static readonly StructureType Box = new("Box", default, StructureKind.Plain,
    [
        new StructureField("Size", BuiltInType.Double, BuiltInType.Double, -1, -1, null),
        new StructureField("Tags", BuiltInType.String, BuiltInType.String, 1, -1, null),
    ]);

    private static readonly StructureType Type = new("Crate", Encoding, StructureKind.WithOptionalFields,
    [
        new StructureField("Grid", BuiltInType.Byte, BuiltInType.Byte, 2, -1, null),
        new StructureField("Boxes", BuiltInType.ExtensionObject, BuiltInType.ExtensionObject, 1, 0, Box),
        new StructureField("Any", BuiltInType.Variant, BuiltInType.Variant, -1, 1, null),
        new StructureField("Note", BuiltInType.String, BuiltInType.String, -1, 2, null),
    ]);

    private static Variant Value(byte[] body) => Variant.FromObject(BuiltInType.ExtensionObject, new ExtensionObject(Encoding, body));

    private static byte[] Encode()
    {
        var writer = new UaWriter();
        writer.UInt32(0b011);
        writer.Int32(2);
        writer.Int32(2);
        writer.Int32(3);
        writer.Raw([1, 2, 3, 4, 5, 6]);
        writer.Int32(2);
        writer.Double(1.5);
        writer.Int32(2);
        writer.String("a");
        writer.String("b");
        writer.Double(2.5);
        writer.Int32(0);
        writer.Variant(Variant.From(77, BuiltInType.Int32));
        return writer.Written.ToArray();
    }
}
