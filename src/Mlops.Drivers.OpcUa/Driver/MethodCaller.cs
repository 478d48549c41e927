using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Structures;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Calls methods, which are named by their id or path; the object is the one that has the method as a component.</summary>
internal sealed class MethodCaller(UaSession session)
{
    private static readonly NodeId HasComponent = new(47);
    private static readonly QualifiedName InputArguments = new(0, "InputArguments");

    /// <exception cref="ArgumentException">There is no such method, or the arguments do not fit.</exception>
    /// <exception cref="UaException">The server refused.</exception>
    public async Task<IReadOnlyList<object?>> CallAsync(string name, IReadOnlyList<object?> arguments, CancellationToken cancel)
    {
        NodeId method = await FindAsync(name, cancel).ConfigureAwait(false);
        BrowsePage above = (await session.CallAsync(new BrowseRequest([method], HasComponent, Inverse: true), cancel).ConfigureAwait(false))[0];
        if (above.Status.IsBad || above.References.Count == 0 || !above.References[0].Node.TryResolve(session.Namespaces, out NodeId owner))
            throw new ArgumentException($"'{name}' is no method of an object: {above.Status}. Name a method by its node id.", nameof(name));
        IReadOnlyList<MethodArgument> wanted = await ArgumentsAsync(method, cancel).ConfigureAwait(false);
        CallResult result = await session.CallAsync(new CallRequest(owner, method, await ValuesAsync(name, wanted, arguments, cancel).ConfigureAwait(false)), cancel).ConfigureAwait(false);
        if (!result.Status.IsBad)
            return [.. result.Outputs.Select(FieldMapping.FromVariant)];
        string wrong = string.Join(", ", result.Arguments.Select((s, i) => (s, i)).Where(a => a.s.IsBad).Select(a => $"argument {a.i + 1}: {a.s}"));
        throw new UaException(result.Status, $"The server has not carried out '{name}': {result.Status}{(wrong.Length == 0 ? "" : $" ({wrong})")}.");
    }

    private async Task<NodeId> FindAsync(string name, CancellationToken cancel)
    {
        NodeReference reference;
        try
        {
            reference = NodeReference.Parse(name);
        }
        catch (FormatException error)
        {
            throw new ArgumentException(error.Message, nameof(name), error);
        }

        if (reference.Pattern is null && reference.Id.TryResolve(session.Namespaces, out NodeId id))
        {
            if (!reference.IsPath)
                return id;
            IReadOnlyList<NodeId?> found = await session.FindAsync([(id, [.. reference.Path.Select(QualifiedName.Parse)])], cancel).ConfigureAwait(false);
            if (found[0] is { } method)
                return method;
        }

        throw new ArgumentException($"There is no method '{name}' on the server.", nameof(name));
    }

    private async Task<IReadOnlyList<MethodArgument>> ArgumentsAsync(NodeId method, CancellationToken cancel)
    {
        NodeId? property = (await session.FindAsync([(method, [InputArguments])], cancel).ConfigureAwait(false))[0];
        if (property is null)
            return [];
        DataValue value = (await session.ReadAsync([new AttributeOf(property.Value)], cancel).ConfigureAwait(false))[0];
        return value.Value.Elements is { } elements ? [.. elements.OfType<ExtensionObject>().Select(MethodArgument.Read)] : [];
    }

    private async Task<IReadOnlyList<Variant>> ValuesAsync(string name, IReadOnlyList<MethodArgument> wanted, IReadOnlyList<object?> arguments, CancellationToken cancel)
    {
        if (wanted.Count != arguments.Count)
            throw new ArgumentException($"'{name}' takes {wanted.Count} arguments ({string.Join(", ", wanted.Select(a => a.Name))}), not {arguments.Count}.", nameof(arguments));
        var types = new DataTypes(session);
        var values = new List<Variant>();
        for (int i = 0; i < wanted.Count; i++)
        {
            BuiltInType type = await types.BuiltInAsync(wanted[i].DataType, cancel).ConfigureAwait(false);
            try
            {
                values.Add(FieldMapping.ToVariant(arguments[i], type));
            }
            catch (FormatException error)
            {
                throw new ArgumentException($"Argument '{wanted[i].Name}' of '{name}': {error.Message}", nameof(arguments), error);
            }
        }

        return values;
    }

    // Argument (OPC 10000-3, 8.6): name, type, rank, dimensions, description.
    private readonly record struct MethodArgument(string Name, NodeId DataType)
    {
        public static MethodArgument Read(ExtensionObject argument)
        {
            var reader = new UaReader(argument.Body.Span);
            return new MethodArgument(reader.String() ?? "", reader.NodeId());
        }
    }
}
