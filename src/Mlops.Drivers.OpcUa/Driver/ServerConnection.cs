using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>What stays while the connection to a server comes and goes: the session, and the plans of feeds with their subscriptions.</summary>
/// <remarks><see cref="Change"/> may be called on any thread.</remarks>
internal sealed class ServerConnection(DriverSetup setup, IRecordSink sink, GapCounts gaps, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(5);

    private readonly AppliedPlans _plans = new(sink, gaps, time);
    private volatile DriverSetup _wanted = setup;
    private volatile TaskCompletionSource _changed = New();

    public UaSession? Session { get; private set; }

    /// <summary>Gets the settings that count now.</summary>
    public DriverSetup Setup => _wanted;

    /// <summary>Gets the nodes of all groups.</summary>
    public IEnumerable<WatchedNode> Nodes => _plans.All.SelectMany(p => p.Nodes);

    /// <summary>Gets what of the settings there is not on the server.</summary>
    public IReadOnlyList<string> Missing => _plans.Missing;

    /// <summary>Occurs when there is something new to be said about how well it goes.</summary>
    public event Action? Looked;

    /// <summary>Takes other groups; what has not changed of them goes on without a break.</summary>
    public void Change(DriverSetup changed)
    {
        _wanted = changed;
        _changed.TrySetResult();
    }

    /// <summary>Goes on where the connection was lost, or begins anew with a session that is open.</summary>
    public async Task OpenAsync(UaSession session, CancellationToken cancel)
    {
        UaSession? old = Session;
        Session = session;
        bool goesOn = old is not null && ReferenceEquals(old, session);
        if (old is not null && !goesOn)
        {
            await old.DisposeAsync().ConfigureAwait(false);
            goesOn = _wanted.Settings.TransferSubscriptions && await _plans.TransferAsync(session, cancel).ConfigureAwait(false);
        }

        // Half applied settings are applied from the start.
        if (!goesOn || !_plans.AreWhole)
            await _plans.BeginAnewAsync(session, cancel).ConfigureAwait(false);
        await ApplyAsync(session, cancel).ConfigureAwait(false);
    }

    /// <summary>Ends the session on the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Session is { } session)
        {
            Session = null;
            if (!session.Lost.IsCompleted)
                await session.CloseAsync().ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            await _plans.RememberAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It took too long to end; what was remembered last is a few seconds old.
        }

        _plans.Dispose();
    }

    /// <summary>Moves values until the connection is lost.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        UaSession session = Session!;
        var records = new FeedRecords(_plans, sink, gaps, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] lasting =
        [
            ThrowWhenLostAsync(session, ended.Token),
            WatchServerAsync(session, ended.Token),
            new PublishLoop(session, () => _plans.Subscriptions, records.TakeAsync, gaps.Lose, time).RunAsync(ended.Token),
        ];
        try
        {
            while (true)
            {
                Task changed = _changed.Task;
                using var round = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
                Task[] periodic = [.. _plans.All.Select(p => records.Periodic(p, session, round.Token)).OfType<Task>()];
                Task first = await Task.WhenAny([.. lasting, .. periodic, changed]).ConfigureAwait(false);
                await round.CancelAsync().ConfigureAwait(false);
                await EndedAsync(periodic).ConfigureAwait(false);
                if (first != changed)
                    await first.ConfigureAwait(false);
                _changed = New();
                await ApplyAsync(session, ended.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await EndedAsync(lasting).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task EndedAsync(Task[] tasks) =>
        Task.WhenAll(tasks).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private static async Task ThrowWhenLostAsync(UaSession session, CancellationToken stop)
    {
        Exception reason = await session.Lost.WaitAsync(stop).ConfigureAwait(false);
        throw new UaException(StatusCodes.BadConnectionClosed, reason.Message, reason);
    }

    // Keeps the session alive, and finds a server that does not answer although the connection stands.
    private async Task WatchServerAsync(UaSession session, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Watch, time, stop).ConfigureAwait(false);
            await session.ReadAsync([new AttributeOf(new NodeId(2259))], stop).ConfigureAwait(false);
            await _plans.RememberAsync().ConfigureAwait(false);
            Looked?.Invoke();
        }
    }

    private async Task ApplyAsync(UaSession session, CancellationToken cancel)
    {
        DriverSetup wanted = _wanted;
        if (_plans.IsApplied(wanted))
            return;
        await _plans.ApplyAsync(session, wanted, cancel).ConfigureAwait(false);
        Looked?.Invoke();
    }
}
