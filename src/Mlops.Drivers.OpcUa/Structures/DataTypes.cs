using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Structures;

/// <summary>What a server says about its data types, asked once each. Used by one task at a time.</summary>
/// <remarks>
/// Structures are described by the attribute DataTypeDefinition (OPC 10000-3, 8.48); servers before version 1.04 have a dictionary in XML instead
/// (OPC 10000-5, annex D). A structure that holds itself, or that nobody describes, is unknown: its values stay as they were encoded.
/// </remarks>
internal sealed class DataTypes(UaSession session)
{
    private const int MostDepth = 32;
    private const uint StructureDefinition = 122;
    private const uint EnumDefinition = 123;

    private static readonly NodeId HasEncoding = new(38);
    private static readonly NodeId HasSubtype = new(45);
    private static readonly QualifiedName DefaultBinary = new(0, "Default Binary");

    private readonly Dictionary<NodeId, BuiltInType> _builtIn = [];
    private readonly Dictionary<NodeId, StructureType?> _structures = [];
    private readonly Dictionary<NodeId, StructureType?> _byEncoding = [];
    private readonly Dictionary<NodeId, string?> _enumerations = [];
    private readonly HashSet<NodeId> _open = [];
    private readonly TypeDictionaries _dictionaries = new(session);

    /// <summary>Returns the built-in type that a data type is made of.</summary>
    public async Task<BuiltInType> BuiltInAsync(NodeId dataType, CancellationToken cancel)
    {
        NodeId type = dataType;
        for (int depth = 0; depth < MostDepth; depth++)
        {
            if (_builtIn.TryGetValue(type, out BuiltInType known))
                return _builtIn[dataType] = known;
            if (Standard(type) is { } standard)
                return _builtIn[dataType] = standard;
            if (await ParentAsync(type, HasSubtype, cancel).ConfigureAwait(false) is not { } parent)
                break;
            type = parent;
        }

        return _builtIn[dataType] = BuiltInType.Variant;
    }

    /// <summary>Returns the structure whose binary encoding has an id; null when nobody describes it.</summary>
    public async Task<StructureType?> ByEncodingAsync(NodeId encoding, CancellationToken cancel)
    {
        if (_byEncoding.TryGetValue(encoding, out StructureType? known))
            return known;
        StructureType? type = await ParentAsync(encoding, HasEncoding, cancel).ConfigureAwait(false) is { } dataType
            ? await StructureAsync(dataType, cancel).ConfigureAwait(false) : null;
        type ??= await _dictionaries.FindAsync(encoding, cancel).ConfigureAwait(false);
        return _byEncoding[encoding] = type;
    }

    /// <summary>Returns the structure that a data type is; null when it is none, or nobody describes it.</summary>
    public async Task<StructureType?> StructureAsync(NodeId dataType, CancellationToken cancel)
    {
        if (_structures.TryGetValue(dataType, out StructureType? known))
            return known;
        // One that holds itself has no end of columns.
        if (_open.Count >= MostDepth || !_open.Add(dataType))
            return null;
        try
        {
            ExtensionObject? definition = await DefinitionAsync(dataType, cancel).ConfigureAwait(false);
            StructureType? type = definition?.TypeId == new NodeId(StructureDefinition) ? await ReadAsync(dataType, definition, cancel).ConfigureAwait(false) : null;
            type ??= await FromDictionaryAsync(dataType, cancel).ConfigureAwait(false);
            return _structures[dataType] = type;
        }
        finally
        {
            _open.Remove(dataType);
        }
    }

    /// <summary>Returns the names of an enumeration, for example <c>Mode{0=Off, 1=On}</c>; null when it is none.</summary>
    public async Task<string?> EnumerationAsync(NodeId dataType, CancellationToken cancel)
    {
        if (Standard(dataType) is not null)
            return null;
        if (_enumerations.TryGetValue(dataType, out string? known))
            return known;
        ExtensionObject? definition = await DefinitionAsync(dataType, cancel).ConfigureAwait(false);
        return _enumerations[dataType] = definition?.TypeId == new NodeId(EnumDefinition) ? Names(definition) : null;
    }

    private static BuiltInType? Standard(NodeId type) => type is not { NamespaceIndex: 0, Kind: NodeIdKind.Numeric } ? null : type.Number switch
    {
        > 0 and <= 23 => (BuiltInType)type.Number,
        24 => BuiltInType.Variant,
        // Number, Integer, UInteger: any of them fits into a double.
        26 or 27 or 28 => BuiltInType.Double,
        29 => BuiltInType.Int32,
        _ => null,
    };

    private async Task<StructureType?> ReadAsync(NodeId dataType, ExtensionObject definition, CancellationToken cancel)
    {
        if (StructureDescription.TryRead(definition) is not { } description)
            return null;
        var fields = new List<StructureField>();
        int bit = 0;
        foreach (FieldDescription field in description.Fields)
        {
            int own = description.Kind == StructureKind.WithOptionalFields && field.IsOptional ? bit++ : -1;
            bool anySubtype = description.Kind is StructureKind.WithSubtypes or StructureKind.UnionWithSubtypes && field.IsOptional;
            if (bit > 32 || await FieldAsync(field, own, anySubtype, cancel).ConfigureAwait(false) is not { } read)
                return null;
            fields.Add(read);
        }

        DataValue name = (await session.ReadAsync([new AttributeOf(dataType, AttributeOf.BrowseName)], cancel).ConfigureAwait(false))[0];
        return new StructureType((name.Value.ToObject() as QualifiedName?)?.Name ?? dataType.ToString(), description.Encoding, description.Kind, fields);
    }

    private async Task<StructureField?> FieldAsync(FieldDescription field, int bit, bool anySubtype, CancellationToken cancel)
    {
        BuiltInType type = await BuiltInAsync(field.DataType, cancel).ConfigureAwait(false);
        bool isAbstractNumber = field.DataType is { NamespaceIndex: 0, Number: 26 or 27 or 28 };
        BuiltInType encoded = isAbstractNumber || (anySubtype && type != BuiltInType.ExtensionObject) ? BuiltInType.Variant : type;
        StructureType? inner = null;
        // Structure itself stands for any: such a field is encoded with its type.
        if (encoded == BuiltInType.ExtensionObject && !anySubtype && field.DataType != new NodeId((uint)BuiltInType.ExtensionObject))
        {
            inner = await StructureAsync(field.DataType, cancel).ConfigureAwait(false);
            if (inner is null)
                return null;
        }

        return new StructureField(field.Name, encoded, type, field.Rank, bit, inner)
        {
            TypeName = type == BuiltInType.Int32 ? await EnumerationAsync(field.DataType, cancel).ConfigureAwait(false) : null,
        };
    }

    private async Task<StructureType?> FromDictionaryAsync(NodeId dataType, CancellationToken cancel)
    {
        foreach (Reference encoding in await session.BrowseAsync(dataType, cancel, HasEncoding).ConfigureAwait(false))
        {
            if (encoding.BrowseName == DefaultBinary && encoding.Node.TryResolve(session.Namespaces, out NodeId id))
                return await _dictionaries.FindAsync(id, cancel).ConfigureAwait(false);
        }

        return null;
    }

    private async Task<ExtensionObject?> DefinitionAsync(NodeId dataType, CancellationToken cancel)
    {
        DataValue value = (await session.ReadAsync([new AttributeOf(dataType, AttributeOf.DataTypeDefinition)], cancel).ConfigureAwait(false))[0];
        return value.Status.IsBad ? null : value.Value.ToObject() as ExtensionObject;
    }

    private async Task<NodeId?> ParentAsync(NodeId node, NodeId referenceType, CancellationToken cancel)
    {
        BrowsePage page = (await session.CallAsync(new BrowseRequest([node], referenceType, Inverse: true), cancel).ConfigureAwait(false))[0];
        return !page.Status.IsBad && page.References.Count > 0 && page.References[0].Node.TryResolve(session.Namespaces, out NodeId parent) ? parent : null;
    }

    // EnumDefinition (OPC 10000-3, 8.50): number, shown name, description, name.
    private static string? Names(ExtensionObject definition)
    {
        try
        {
            var reader = new UaReader(definition.Body.Span);
            var names = reader.List(10, static (ref UaReader r) =>
            {
                long number = r.Int64();
                r.LocalizedText();
                r.LocalizedText();
                return $"{number}={r.String()}";
            }) ?? [];
            return $"{{{string.Join(", ", names)}}}";
        }
        catch (UaException)
        {
            return null;
        }
    }
}
