using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Client;

/// <summary>Services as their users want them: any number of operations, cut into requests that the server takes.</summary>
internal static class SessionCalls
{
    private static readonly NodeId Hierarchical = new(33);

    /// <summary>Reads attributes, in their order.</summary>
    public static Task<IReadOnlyList<DataValue>> ReadAsync(this UaSession session, IReadOnlyList<AttributeOf> attributes, CancellationToken cancel) =>
        InPartsAsync(attributes, session.Limits.Read, part => session.CallAsync(new ReadRequest(part), cancel));

    /// <summary>Writes values, and returns how each ended.</summary>
    public static Task<IReadOnlyList<StatusCode>> WriteAsync(this UaSession session, IReadOnlyList<(AttributeOf Attribute, DataValue Value)> values, CancellationToken cancel) =>
        InPartsAsync(values, session.Limits.Write, part => session.CallAsync(new WriteRequest(part), cancel));

    /// <summary>Finds nodes by the names on the way to them; null for those that there are not.</summary>
    public static async Task<IReadOnlyList<NodeId?>> FindAsync(this UaSession session, IReadOnlyList<(NodeId Start, IReadOnlyList<QualifiedName> Path)> paths, CancellationToken cancel)
    {
        var found = await InPartsAsync(paths, session.Limits.TranslateBrowsePaths, part => session.CallAsync(new TranslateBrowsePathsRequest(part), cancel)).ConfigureAwait(false);
        return [.. found.Select(f => f.Node is { } node && !f.Status.IsBad && node.TryResolve(session.Namespaces, out NodeId id) ? id : (NodeId?)null)];
    }

    /// <summary>Returns everything that a node refers to, in the server's order.</summary>
    /// <exception cref="UaException">There is no such node.</exception>
    public static async Task<IReadOnlyList<Reference>> BrowseAsync(this UaSession session, NodeId node, CancellationToken cancel, NodeId? referenceType = null)
    {
        BrowsePage page = (await session.CallAsync(new BrowseRequest([node], referenceType ?? Hierarchical), cancel).ConfigureAwait(false))[0];
        if (page.Status.IsBad)
            throw new UaException(page.Status, $"The node {node} cannot be browsed: {page.Status}.");
        var references = new List<Reference>(page.References);
        while (page.ContinuationPoint is { } next)
        {
            page = await session.CallAsync(new BrowseNextRequest(next), cancel).ConfigureAwait(false)
                ?? throw new UaException(StatusCodes.BadUnknownResponse, $"The server has not gone on with what {node} refers to.");
            if (page.Status.IsBad)
                throw new UaException(page.Status, $"The node {node} cannot be browsed to its end: {page.Status}.");
            references.AddRange(page.References);
        }

        return references;
    }

    /// <summary>Reads a node's history page by page.</summary>
    /// <exception cref="UaException">The server keeps none, or refused.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<DataValue>> ReadHistoryAsync(
        this UaSession session, NodeId node, UaTime from, UaTime to, uint pageSize, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        byte[]? next = null;
        try
        {
            do
            {
                HistoryPage page = await session.CallAsync(new HistoryReadRequest(node, from, to, pageSize, next, Release: false), cancel).ConfigureAwait(false);
                next = page.ContinuationPoint;
                if (page.Status.IsBad)
                    throw new UaException(page.Status, $"The history of {node} cannot be read: {page.Status}.");
                yield return page.Values;
            }
            while (next is not null);
        }
        finally
        {
            // Who stops early gives the server its place back.
            if (next is not null && !session.Lost.IsCompleted)
                await session.CallAsync(new HistoryReadRequest(node, from, to, pageSize, next, Release: true), CancellationToken.None, TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        }
    }

    /// <summary>Calls a service as often as a server's limit wants.</summary>
    public static async Task<IReadOnlyList<TResult>> InPartsAsync<T, TResult>(IReadOnlyList<T> operations, int most, Func<IReadOnlyList<T>, Task<IReadOnlyList<TResult>>> call)
    {
        if (operations.Count == 0)
            return [];
        if (operations.Count <= most)
            return await call(operations).ConfigureAwait(false);
        var results = new List<TResult>(operations.Count);
        for (int i = 0; i < operations.Count; i += most)
            results.AddRange(await call([.. operations.Skip(i).Take(most)]).ConfigureAwait(false));
        return results;
    }
}
