using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Reads an OPC UA server: its nodes become feeds; values can be written back, and its tree can be browsed.</summary>
internal sealed class OpcUaDriver(string asset, OpcUaSettings settings, DriverSetup setup, CertificateStore store, TimeProvider time) : IHighLevelDriver, IBrowsableDriver, IWritableDriver
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);

    private volatile ServerConnection? _connection;

    public async Task RunAsync(IRecordSink sink, CancellationToken stop)
    {
        var connection = new ServerConnection(settings, setup.Groups, sink, time);
        _connection = connection;
        TimeSpan retry = FirstRetry;
        try
        {
            while (true)
            {
                sink.Report(DriverState.Connecting, $"Connecting to {settings.Endpoint}.");
                try
                {
                    await connection.OpenAsync(await ConnectAsync(connection.Session, stop).ConfigureAwait(false), stop).ConfigureAwait(false);
                    Report(connection, sink);
                    retry = FirstRetry;
                    await connection.RunAsync(stop).ConfigureAwait(false);
                }
                catch (Exception error) when (ConnectionErrors.IsExpected(error) && !stop.IsCancellationRequested)
                {
                    sink.Report(DriverState.Faulted, $"{ConnectionErrors.Explain(asset, settings, store, error)} Trying again in {retry.TotalSeconds:0.#} s.");
                }

                await Task.Delay(retry, time, stop).ConfigureAwait(false);
                retry = retry * 2 < settings.LongestRetry ? retry * 2 : settings.LongestRetry;
            }
        }
        finally
        {
            _connection = null;
            await connection.CloseAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyList<BrowseItem>> BrowseAsync(string? parent, CancellationToken cancellationToken)
    {
        UaSession session = Connected();
        NodeId start = NodeReference.ObjectsFolder;
        if (parent is not null && !(ExpandedNodeId.TryParse(parent, out ExpandedNodeId id) && id.TryResolve(session.Namespaces, out start)))
            throw new ArgumentException($"'{parent}' is no node of {settings.Endpoint}.", nameof(parent));
        return await new ServerTree(session).ChildrenAsync(start, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<AssetValue> values, CancellationToken cancellationToken)
    {
        UaSession session = Connected();
        return await new ServerWriter(session, [.. _connection?.Nodes ?? []]).WriteAsync(values, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private UaSession Connected() => _connection?.Session is { Lost.IsCompleted: false } session ? session
        : throw new IOException($"Asset '{asset}' is not connected to {settings.Endpoint} now.");

    // A session outlives its connection: what the server kept for it is not lost.
    private async Task<UaSession> ConnectAsync(UaSession? session, CancellationToken stop)
    {
        if (session is not null)
        {
            try
            {
                await session.ResumeAsync(stop).ConfigureAwait(false);
                return session;
            }
            catch (UaException error) when (IsForgotten(error.Status))
            {
                // A new one, then.
            }
        }

        return await UaSession.ConnectAsync(setup.Client, store, time, stop).ConfigureAwait(false);
    }

    private static bool IsForgotten(StatusCode status) => status.Condition is not (
        StatusCodes.BadConnectionClosed or StatusCodes.BadTimeout or StatusCodes.BadCommunicationError or StatusCodes.BadIdentityTokenRejected or StatusCodes.BadUserAccessDenied);

    private void Report(ServerConnection connection, IRecordSink sink)
    {
        if (connection.Missing.Count == 0)
        {
            sink.Report(DriverState.Connected);
            return;
        }

        sink.Report(
            DriverState.Degraded,
            $"Asset '{asset}': {connection.Missing.Count} of 'nodes' cannot be read at {settings.Endpoint}: {string.Join(", ", connection.Missing.Take(10))}{(connection.Missing.Count > 10 ? ", …" : "")}. Check how they are spelt.");
    }
}
