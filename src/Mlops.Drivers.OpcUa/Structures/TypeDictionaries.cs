using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Structures;

/// <summary>The dictionaries of a server that describes its structures by XML (OPC 10000-5, annex D): each is read once.</summary>
internal sealed class TypeDictionaries(UaSession session)
{
    private static readonly NodeId HasDescription = new(39);
    private static readonly NodeId HasComponent = new(47);

    private readonly Dictionary<NodeId, TypeDictionary?> _dictionaries = [];

    /// <summary>Returns the structure whose binary encoding has an id; null when no dictionary describes it.</summary>
    public async Task<StructureType?> FindAsync(NodeId encoding, CancellationToken cancel)
    {
        // Encoding → its description, whose value is a name in the dictionary → the dictionary, whose value is the XML.
        if (await FirstAsync(encoding, HasDescription, inverse: false, cancel).ConfigureAwait(false) is not { } description
            || await FirstAsync(description, HasComponent, inverse: true, cancel).ConfigureAwait(false) is not { } dictionary)
        {
            return null;
        }

        DataValue name = (await session.ReadAsync([new AttributeOf(description)], cancel).ConfigureAwait(false))[0];
        return name.Value.ToObject() is string text && await ReadAsync(dictionary, cancel).ConfigureAwait(false) is { } types ? types.Find(text, encoding) : null;
    }

    private async Task<TypeDictionary?> ReadAsync(NodeId dictionary, CancellationToken cancel)
    {
        if (_dictionaries.TryGetValue(dictionary, out TypeDictionary? known))
            return known;
        DataValue value = (await session.ReadAsync([new AttributeOf(dictionary)], cancel).ConfigureAwait(false))[0];
        return _dictionaries[dictionary] = value.Value.ToObject() is byte[] xml ? TypeDictionary.TryParse(xml) : null;
    }

    private async Task<NodeId?> FirstAsync(NodeId node, NodeId referenceType, bool inverse, CancellationToken cancel)
    {
        BrowsePage page = (await session.CallAsync(new BrowseRequest([node], referenceType, Inverse: inverse), cancel).ConfigureAwait(false))[0];
        return !page.Status.IsBad && page.References.Count > 0 && page.References[0].Node.TryResolve(session.Namespaces, out NodeId found) ? found : null;
    }
}
