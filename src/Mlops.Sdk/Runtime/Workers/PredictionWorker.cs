using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Mlops.Data;
using Mlops.Metrics;
using Mlops.Runtime.Columns;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

/// <summary>One process with a loaded model and the block it shares with the host. After an exception that is not the code's own it is of no more use.</summary>
internal sealed class PredictionWorker : IAsyncDisposable
{
    /// <summary>Calls that usually take longer, half a millisecond, do not hold the caller's thread.</summary>
    private static readonly TimeSpan s_blockingLimit = TimeSpan.FromMicroseconds(500);

    private readonly WorkerProcess _process;
    private readonly PredictionBlock _block;
    private readonly ProcessTree _tree;
    private MappedColumns? _memory;
    private TimeSpan _usual = s_blockingLimit * 2;
    private int _blocks;

    private PredictionWorker(WorkerProcess process, PredictionBlock block, TimeProvider time)
    {
        _process = process;
        _block = block;
        Memory = new WorkerMemory(process.Id, time);
        _tree = new ProcessTree(time, process.Id);
    }

    public int ProcessId => _process.Id;

    /// <summary>Gets what measures its memory.</summary>
    public WorkerMemory Memory { get; }

    /// <summary>Gets what it gets of the processors.</summary>
    public WorkerPriority Priority => _process.Priority;

    /// <summary>Gets the modules of common libraries that it had in use when the model was loaded.</summary>
    public IReadOnlyList<string> Libraries { get; private set; } = [];

    /// <summary>Takes a process of the pool and loads the model.</summary>
    /// <exception cref="WorkflowException">The process does not start, or the code fails.</exception>
    public static async Task<PredictionWorker> StartAsync(
        WorkerPool pool, WorkerPlan plan, PredictorRequest request, PredictionBlock block, Action<string, bool> receiver, TimeProvider time, CancellationToken cancellationToken)
    {
        WorkerProcess process = await pool.BeginAsync(plan, LoadMessage.Of(request), receiver, cancellationToken).ConfigureAwait(false);
        var worker = new PredictionWorker(process, block, time);
        try
        {
            await worker.ListenAsync(cancellationToken).ConfigureAwait(false);
            // What is only tried says nothing of what the node will need.
            if (!request.IsRehearsal)
                pool.Refill(plan, worker.Libraries);
            return worker;
        }
        catch (Exception exception)
        {
            WorkflowException? end = IsEnd(exception) ? await worker.DescribeEndAsync("the loading of the model", exception).ConfigureAwait(false) : null;
            await worker.DisposeAsync().ConfigureAwait(false);
            if (end is not null)
                throw end;
            throw;
        }
    }

    /// <summary>Tells whether an exception means that the process has ended or talks nonsense.</summary>
    public static bool IsEnd(Exception exception) => exception is EndOfStreamException or SocketException or InvalidDataException;

    /// <summary>Says how the process ended.</summary>
    public Task<WorkflowException> DescribeEndAsync(string doing, Exception cause) => _process.DescribeEndAsync(doing, cause);

    /// <summary>Tells how much of the processors its threads have used or waited for, with those of all that it has started, and how many they are. One caller at a time.</summary>
    public (TimeSpan Wanted, int Threads) ReadDemand() => _tree.ReadDemand();

    /// <summary>Answers a batch.</summary>
    /// <exception cref="WorkflowException">The code raised or answered wrongly.</exception>
    public async ValueTask<RecordBatch> AnswerAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        if (_block.PlanFor(batch) is { } larger)
            await AttachAsync(larger, cancellationToken).ConfigureAwait(false);
        if (batch.Count > 0)
        {
            _block.Write(batch);
            long started = Stopwatch.GetTimestamp();
            await _process.Connection.SendAsync(WorkerFrame.Predict, null, cancellationToken).ConfigureAwait(false);
            _block.Bell.Ring();
            if (_usual <= s_blockingLimit)
                _process.Connection.WaitBriefly(_block.Bell, s_blockingLimit * 2);
            while (await ListenAsync(cancellationToken).ConfigureAwait(false) is var missing and > 0)
            {
                await AttachAsync(_block.PlanForText(missing), cancellationToken).ConfigureAwait(false);
                await _process.Connection.SendAsync(WorkerFrame.Resume, batch.Count, cancellationToken).ConfigureAwait(false);
            }

            _usual = ((_usual * 7) + Stopwatch.GetElapsedTime(started)) / 8;
        }

        return _block.Read(batch);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync().ConfigureAwait(false);
        _block.Unbind();
        _memory?.Dispose();
    }

    private async Task AttachAsync(ColumnLayout layout, CancellationToken cancellationToken)
    {
        var memory = new MappedColumns(Path.Combine(_process.Folder, $"block-{++_blocks}"), layout.Size);
        Bind(memory, layout);
        _memory?.Dispose();
        _memory = memory;
        await _process.Connection.SendAsync(
            WorkerFrame.Attach, new AttachMessage(memory.FilePath, layout), WorkerJson.Default.AttachMessage, cancellationToken).ConfigureAwait(false);
        await ListenAsync(cancellationToken).ConfigureAwait(false);
    }

    private unsafe void Bind(MappedColumns memory, ColumnLayout layout) => _block.Bind(memory.Address, layout);

    /// <summary>Reads until the answer to the call that was made; what the code prints in the meantime goes to its log.</summary>
    private async ValueTask<long> ListenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            (WorkerFrame kind, ReadOnlyMemory<byte> payload) = await _process.Connection.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (kind)
            {
                case WorkerFrame.Answered when payload.Length == sizeof(long):
                    return BinaryPrimitives.ReadInt64LittleEndian(payload.Span);
                case WorkerFrame.Log:
                    LogMessage log = WorkerConnection.Parse(payload, WorkerJson.Default.LogMessage);
                    await _process.Output.AddAsync(log.Line, log.Error, cancellationToken).ConfigureAwait(false);
                    break;
                case WorkerFrame.Loaded:
                    Libraries = WorkerConnection.Parse(payload, WorkerJson.Default.LibrariesMessage).Libraries;
                    break;
                case WorkerFrame.Failed:
                    throw WorkerConnection.Parse(payload, WorkerJson.Default.FailedMessage).ToException();
                default:
                    throw new InvalidDataException($"a frame of kind {(byte)kind} in answer to a call");
            }
        }
    }
}
