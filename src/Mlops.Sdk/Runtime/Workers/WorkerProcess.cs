using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Mlops.Metrics;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

// WHO OWNS A WORKER
//
// One training or one predictor owns a WorkerProcess and disposes it, which kills the process and all that it has started, waits for
// its end and removes its folder. The process ends by itself when the host does: it watches its standard input (mlops/_worker.py), whose
// other end nothing but this object holds and on which nothing is ever written.

/// <summary>A python3 child that runs workflow code, connected.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_endPatience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly WorkerAddress _address;
    private readonly WorkerGroup? _group;
    private readonly Task _pipes;
    private WorkerPlan _plan;
    private WorkerConnection? _connection;
    private bool _mayScatter;

    private WorkerProcess(WorkerPlan plan, Process process, WorkerAddress address, WorkerGroup? group)
    {
        _plan = plan;
        _process = process;
        _address = address;
        _group = group;
        Id = process.Id;
        Priority = new WorkerPriority(process.Id, group, plan.Niceness, new ProcessTree(TimeProvider.System, process.Id).ReadThreadIds);
        _pipes = Task.WhenAll(
            Output.ReadAsync(process.StandardOutput.BaseStream, isError: false),
            Output.ReadAsync(process.StandardError.BaseStream, isError: true));
    }

    public int Id { get; }

    /// <summary>Gets the folder for files that both sides map; it goes with the worker.</summary>
    public string Folder => _address.Folder;

    /// <summary>Gets how it was started, and for whom.</summary>
    public WorkerPlan Plan => _plan;

    public WorkerConnection Connection => _connection!;

    /// <summary>Gets what it gets of the processors; little until somebody restores it.</summary>
    public WorkerPriority Priority { get; }

    /// <summary>Gets what it prints.</summary>
    public WorkerOutput Output { get; } = new();

    /// <summary>Starts a worker and waits until it has reported back.</summary>
    /// <exception cref="WorkflowException">It could not be started, ended at once or did not report back in time.</exception>
    public static async Task<WorkerProcess> StartAsync(WorkerPlan plan, CancellationToken cancellationToken)
    {
        var address = new WorkerAddress();
        WorkerGroup? group = null;
        WorkerProcess? worker = null;
        try
        {
            string token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            group = WorkerGroup.TryCreate(plan.Limits, WorkerPriority.AtStart(plan.Niceness).Share);
            worker = new WorkerProcess(plan, WorkerLaunch.Start(plan, address, token, group), address, group);
            await worker.ConnectAsync(token, cancellationToken).ConfigureAwait(false);
            return worker;
        }
        catch
        {
            if (worker is not null)
            {
                await worker.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            address.Dispose();
            if (group is not null)
                await group.RemoveAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives a worker that waited for work to somebody, with his plan.</summary>
    public void Adopt(WorkerPlan plan) => _plan = plan;

    /// <summary>Sends what the worker is for, and waits until it has contained itself; no code of a package has run before.</summary>
    /// <exception cref="WorkflowException">Containment is required and this system does not permit it.</exception>
    public async Task BeginAsync<T>(WorkerFrame purpose, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken = default)
    {
        await Connection.SendAsync(purpose, message, type, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            (WorkerFrame kind, ReadOnlyMemory<byte> payload) = await Connection.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (kind)
            {
                case WorkerFrame.Contained:
                    IReadOnlyList<ContainmentMeasure> measures = WorkerConnection.Parse(payload, WorkerJson.Default.ContainedMessage).Measures;
                    _mayScatter = !measures.Any(measure => measure is { Name: "process space", Active: true });
                    _plan.Status.Contained([.. measures, WorkerPriority.Measure]);
                    return;
                case WorkerFrame.Log:
                    LogMessage log = WorkerConnection.Parse(payload, WorkerJson.Default.LogMessage);
                    await Output.AddAsync(log.Line, log.Error, cancellationToken).ConfigureAwait(false);
                    break;
                case WorkerFrame.Failed:
                    FailedMessage failed = WorkerConnection.Parse(payload, WorkerJson.Default.FailedMessage);
                    throw new WorkflowException($"Workflow {_plan.Title}: {failed.Message}");
                default:
                    throw new InvalidDataException($"a frame of kind {(byte)kind} before any work");
            }
        }
    }

    /// <summary>Ends the process and all that it has started, at once.</summary>
    public void Kill()
    {
        _group?.Kill();
        ProcessGroup.Kill(_process, _mayScatter);
    }

    /// <summary>Waits for the end of a worker that has closed its connection, and says how it ended.</summary>
    public async Task<WorkflowException> DescribeEndAsync(string doing, Exception? cause = null)
    {
        // Who closes its connection is ending; on a busy machine that takes a while. Who talks nonsense may go on for ever.
        using (var patience = new CancellationTokenSource(cause is InvalidDataException ? TimeSpan.Zero : s_lastWords))
            await ((Task)_process.WaitForExitAsync(patience.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        string how = cause is InvalidDataException ? $"broke the protocol ({cause.Message})" : ExitDescription.Of(_process);
        Kill();
        await WaitForEndAsync().ConfigureAwait(false);
        string tail = Output.Tail;
        return new WorkflowException(
            $"Workflow {_plan.Title}: the process {how} during {doing}." + (tail.Length > 0 ? $" Its last output:\n{tail}" : " It had printed nothing."),
            traceback: null,
            cause);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await WaitForEndAsync().ConfigureAwait(false);
        _connection?.Dispose();
        _process.Dispose();
        _address.Dispose();
        if (_group is not null)
            await _group.RemoveAsync().ConfigureAwait(false);
    }

    private async Task ConnectAsync(string token, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(_plan.StartTimeout);
        _ = _process.WaitForExitAsync(waiting.Token).ContinueWith(
            _ => TryCancel(waiting), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        try
        {
            _connection = new WorkerConnection(await _address.AcceptAsync(waiting.Token).ConfigureAwait(false));
            (WorkerFrame kind, ReadOnlyMemory<byte> payload) = await _connection.ReadAsync(waiting.Token).ConfigureAwait(false);
            if (kind != WorkerFrame.Hello || !IsExpected(WorkerConnection.Parse(payload, WorkerJson.Default.HelloMessage), token))
                throw new InvalidDataException("the process that connected is not the one that was started");
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or System.Net.Sockets.SocketException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (exception is not OperationCanceledException || _process.HasExited)
                throw await DescribeEndAsync("its start", exception).ConfigureAwait(false);
            throw new WorkflowException(
                $"Workflow {_plan.Title}: {_plan.Python.Executable} did not report back within {_plan.StartTimeout.TotalSeconds:0.#} s. "
                + $"On a slow machine raise Mlops:Runtime:StartTimeout. Its last output:\n{Output.Tail}");
        }
    }

    private static void TryCancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The worker lives longer than its handshake.
        }
    }

    private static bool IsExpected(HelloMessage hello, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hello.Token), Encoding.UTF8.GetBytes(token));

    /// <summary>Waits until the process has gone and its pipes are read.</summary>
    private async Task WaitForEndAsync()
    {
        using var patience = new CancellationTokenSource(s_endPatience);
        try
        {
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            await _pipes.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // A grandchild that left the group may hold the pipes open; nobody reads them any more.
        }
    }
}
