using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Structures;

/// <summary>Structures described in OPC Binary, the XML of servers before version 1.04.</summary>
/// <remarks>
/// A length stands in a field of its own before the array (<c>LengthField</c>); optional fields name the bit that tells whether they are there
/// (<c>SwitchField</c>), and the members of a union the number that chooses them (<c>SwitchValue</c>). All bits together have 32.
/// </remarks>
internal sealed class TypeDictionary
{
    private const string Binary = "http://opcfoundation.org/BinarySchema/";
    private const string Ua = "http://opcfoundation.org/UA/";

    private readonly Dictionary<string, XElement> _types;
    private readonly HashSet<string> _open = [];

    private TypeDictionary(Dictionary<string, XElement> types) => _types = types;

    /// <returns>Null when the bytes are no dictionary.</returns>
    public static TypeDictionary? TryParse(byte[] xml)
    {
        try
        {
            // Foreign text: no outside entities, no document types.
            using var reader = XmlReader.Create(new MemoryStream(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            XElement root = XElement.Load(reader);
            return new TypeDictionary(root.Elements().Where(e => e.Attribute("Name") is not null).GroupBy(e => e.Attribute("Name")!.Value).ToDictionary(g => g.Key, g => g.First()));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>Returns a structure by its name; null when it is not there or cannot be read by this description.</summary>
    public StructureType? Find(string name, NodeId encoding)
    {
        if (!_types.TryGetValue(name, out XElement? type) || type.Name.LocalName != "StructuredType" || !_open.Add(name))
            return null;
        try
        {
            XElement[] all = [.. type.Elements().Where(e => e.Name.LocalName == "Field")];
            return IsUnion(all) ? Union(name, encoding, all) : Plain(name, encoding, all);
        }
        finally
        {
            _open.Remove(name);
        }
    }

    private static bool IsUnion(XElement[] all) => all.Skip(1).Any() && all.Skip(1).All(f => f.Attribute("SwitchValue") is not null && f.Attribute("SwitchField")?.Value == Text(all[0], "Name"));

    private StructureType? Union(string name, NodeId encoding, XElement[] all)
    {
        var fields = new List<StructureField>();
        foreach (XElement element in all.Skip(1).Where(f => !IsLength(f, all)))
        {
            if (Text(element, "SwitchValue") != (fields.Count + 1).ToString(CultureInfo.InvariantCulture) || Field(element, -1) is not { } field)
                return null;
            fields.Add(field);
        }

        return new StructureType(name, encoding, StructureKind.Union, fields);
    }

    private StructureType? Plain(string name, NodeId encoding, XElement[] all)
    {
        var bits = new Dictionary<string, int>();
        var fields = new List<StructureField>();
        int width = 0;
        foreach (XElement element in all)
        {
            if (TypeOf(element) is (Binary, "Bit"))
            {
                // Bits elsewhere than at the start would need a reader of bits, which no generator of these files asks for.
                if (fields.Count > 0 || width > 31)
                    return null;
                bits[Text(element, "Name")] = width;
                width += int.TryParse(Text(element, "Length"), CultureInfo.InvariantCulture, out int length) ? length : 1;
            }
            else if (!IsLength(element, all))
            {
                string switchField = Text(element, "SwitchField");
                if ((switchField.Length > 0 && !bits.ContainsKey(switchField)) || Field(element, switchField.Length > 0 ? bits[switchField] : -1) is not { } field)
                    return null;
                fields.Add(field);
            }
        }

        return width is 0 or 32 ? new StructureType(name, encoding, width == 0 ? StructureKind.Plain : StructureKind.WithOptionalFields, fields) : null;
    }

    private StructureField? Field(XElement element, int bit)
    {
        int rank = Text(element, "LengthField").Length > 0 ? 1 : -1;
        string name = Text(element, "Name");
        var (space, type) = TypeOf(element);
        if (space == Binary)
        {
            BuiltInType? primitive = type switch
            {
                "CharArray" => BuiltInType.String,
                _ => Enum.TryParse(type, out BuiltInType known) && known is > BuiltInType.Null and <= BuiltInType.ByteString ? known : null,
            };
            return primitive is { } found ? new StructureField(name, found, found, rank, bit, null) : null;
        }

        if (space == Ua)
            return Enum.TryParse(type, out BuiltInType standard) && standard is > BuiltInType.Null ? new StructureField(name, standard, standard, rank, bit, null) : null;
        if (!_types.TryGetValue(type, out XElement? own))
            return null;
        if (own.Name.LocalName == "EnumeratedType")
            return Text(own, "LengthInBits") == "32" ? new StructureField(name, BuiltInType.Int32, BuiltInType.Int32, rank, bit, null) { TypeName = Names(own) } : null;
        return Find(type, default) is { } inner ? new StructureField(name, BuiltInType.ExtensionObject, BuiltInType.ExtensionObject, rank, bit, inner) : null;
    }

    private static string Names(XElement enumeration) =>
        $"{{{string.Join(", ", enumeration.Elements().Where(e => e.Name.LocalName == "EnumeratedValue").Select(e => $"{Text(e, "Value")}={Text(e, "Name")}"))}}}";

    private static bool IsLength(XElement field, XElement[] all) => all.Any(f => f.Attribute("LengthField")?.Value == Text(field, "Name"));

    // A name with the prefix of a namespace, as elsewhere in XML.
    private static (string Space, string Name) TypeOf(XElement field)
    {
        string text = Text(field, "TypeName");
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? ("", text) : (field.GetNamespaceOfPrefix(text[..colon])?.NamespaceName ?? "", text[(colon + 1)..]);
    }

    private static string Text(XElement element, string attribute) => element.Attribute(attribute)?.Value ?? "";
}
