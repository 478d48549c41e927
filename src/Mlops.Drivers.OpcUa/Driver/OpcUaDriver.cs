using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Reads an OPC UA server: its nodes and events become feeds; values can be written back, methods called, and its tree browsed.</summary>
internal sealed class OpcUaDriver(string asset, DriverSetup setup, OpcUaServices services)
    : IHighLevelDriver, IReconfigurableDriver, IBrowsableDriver, IWritableDriver, ICallableDriver
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);

    private volatile ServerConnection? _connection;
    private volatile DriverSetup _setup = setup;

    public async Task RunAsync(IRecordSink sink, CancellationToken stop)
    {
        var gaps = new GapCounts(services.Instruments, asset, services.Time);
        var connection = new ServerConnection(_setup, sink, gaps, services.Time);
        connection.Looked += () => Report(connection, gaps, sink);
        _connection = connection;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task writing = new WriteBack(asset, services, sink, () => _setup.Settings.WriteBack, () => _connection).RunAsync(ended.Token);
        try
        {
            await KeepConnectedAsync(connection, sink, stop).ConfigureAwait(false);
        }
        finally
        {
            _connection = null;
            await ended.CancelAsync().ConfigureAwait(false);
            await writing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public bool TryReconfigure(object settings)
    {
        DriverSetup changed = DriverSetup.Read(asset, (OpcUaSettings)settings, services);
        // Another server, another security or another user is another session.
        if (_connection is not { } connection || changed.Client != _setup.Client)
            return false;
        _setup = changed;
        connection.Change(changed);
        return true;
    }

    public async ValueTask<IReadOnlyList<BrowseItem>> BrowseAsync(string? parent, CancellationToken cancellationToken)
    {
        UaSession session = Connected();
        NodeId start = NodeReference.ObjectsFolder;
        if (parent is not null && !(ExpandedNodeId.TryParse(parent, out ExpandedNodeId id) && id.TryResolve(session.Namespaces, out start)))
            throw new ArgumentException($"'{parent}' is no node of {_setup.Settings.Endpoint}.", nameof(parent));
        return await new ServerTree(session).ChildrenAsync(start, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<AssetValue> values, CancellationToken cancellationToken)
    {
        UaSession session = Connected();
        return await new ServerWriter(session, [.. _connection?.Nodes ?? []]).WriteAsync(values, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<object?>> CallAsync(string method, IReadOnlyList<object?> arguments, CancellationToken cancellationToken) =>
        await new MethodCaller(Connected()).CallAsync(method, arguments, cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private UaSession Connected() => _connection?.Session is { Lost.IsCompleted: false } session ? session
        : throw new IOException($"Asset '{asset}' is not connected to {_setup.Settings.Endpoint} now.");

    private async Task KeepConnectedAsync(ServerConnection connection, IRecordSink sink, CancellationToken stop)
    {
        TimeSpan retry = FirstRetry;
        while (true)
        {
            sink.Report(DriverState.Connecting, $"Connecting to {_setup.Settings.Endpoint}.");
            try
            {
                await connection.OpenAsync(await ConnectAsync(connection.Session, stop).ConfigureAwait(false), stop).ConfigureAwait(false);
                retry = FirstRetry;
                await connection.RunAsync(stop).ConfigureAwait(false);
            }
            catch (Exception error) when (ConnectionErrors.IsExpected(error) && !stop.IsCancellationRequested)
            {
                sink.Report(DriverState.Faulted, $"{ConnectionErrors.Explain(asset, _setup.Settings, services.Certificates, error)} Trying again in {retry.TotalSeconds:0.#} s.");
            }

            await Task.Delay(retry, services.Time, stop).ConfigureAwait(false);
            retry = retry * 2 < _setup.Settings.LongestRetry ? retry * 2 : _setup.Settings.LongestRetry;
        }
    }

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

        return await UaSession.ConnectAsync(_setup.Client, services.Certificates, services.Time, stop).ConfigureAwait(false);
    }

    private static bool IsForgotten(StatusCode status) => status.Condition is not (
        StatusCodes.BadConnectionClosed or StatusCodes.BadTimeout or StatusCodes.BadCommunicationError or StatusCodes.BadIdentityTokenRejected or StatusCodes.BadUserAccessDenied);

    private void Report(ServerConnection connection, GapCounts gaps, IRecordSink sink)
    {
        if (connection.Session is not { Lost.IsCompleted: false })
            return;
        IReadOnlyList<string> missing = connection.Missing;
        string? absent = missing.Count == 0 ? null
            : $"{missing.Count} of 'nodes' cannot be read at {_setup.Settings.Endpoint}: {string.Join(", ", missing.Take(10))}{(missing.Count > 10 ? ", …" : "")}. Check how they are spelt.";
        string[] reasons = [.. new[] { absent, gaps.Describe() }.OfType<string>()];
        if (reasons.Length == 0)
            sink.Report(DriverState.Connected);
        else
            sink.Report(DriverState.Degraded, $"Asset '{asset}': {string.Join(" ", reasons)}");
    }
}
