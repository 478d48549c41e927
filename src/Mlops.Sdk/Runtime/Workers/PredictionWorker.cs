using System.Buffers.Binary;
using System.Net.Sockets;
using Mlops.Data;
using Mlops.Runtime.Columns;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

/// <summary>One process with a loaded model and the block it shares with the host. After an exception that is not the code's own it is of no more use.</summary>
internal sealed class PredictionWorker : IAsyncDisposable
{
    private readonly WorkerProcess _process;
    private readonly WorkerOutput _output;
    private readonly PredictionBlock _block;
    private MappedColumns? _memory;
    private int _blocks;

    private PredictionWorker(WorkerProcess process, WorkerOutput output, PredictionBlock block)
    {
        _process = process;
        _output = output;
        _block = block;
    }

    public int ProcessId => _process.Id;

    /// <summary>Starts the process and loads the model.</summary>
    /// <exception cref="WorkflowException">The process does not start, or the code fails.</exception>
    public static async Task<PredictionWorker> StartAsync(
        WorkerPlan plan, PredictorRequest request, PredictionBlock block, WorkerOutput output, CancellationToken cancellationToken)
    {
        WorkerProcess process = await WorkerProcess.StartAsync(plan, output, cancellationToken).ConfigureAwait(false);
        var worker = new PredictionWorker(process, output, block);
        try
        {
            await process.BeginAsync(
                WorkerFrame.Load, LoadMessage.Of(request), WorkerJson.Default.LoadMessage, cancellationToken).ConfigureAwait(false);
            await worker.ListenAsync(cancellationToken).ConfigureAwait(false);
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

    /// <summary>Answers a batch.</summary>
    /// <exception cref="WorkflowException">The code raised or answered wrongly.</exception>
    public async ValueTask<RecordBatch> AnswerAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        if (_block.PlanFor(batch) is { } larger)
            await AttachAsync(larger, cancellationToken).ConfigureAwait(false);
        if (batch.Count > 0)
        {
            _block.Write(batch);
            await _process.Connection.SendAsync(WorkerFrame.Predict, null, cancellationToken).ConfigureAwait(false);
            while (await ListenAsync(cancellationToken).ConfigureAwait(false) is var missing and > 0)
            {
                await AttachAsync(_block.PlanForText(missing), cancellationToken).ConfigureAwait(false);
                await _process.Connection.SendAsync(WorkerFrame.Resume, batch.Count, cancellationToken).ConfigureAwait(false);
            }
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
                    _output.Add(log.Line, log.Error);
                    break;
                case WorkerFrame.Failed:
                    throw WorkerConnection.Parse(payload, WorkerJson.Default.FailedMessage).ToException();
                default:
                    throw new InvalidDataException($"a frame of kind {(byte)kind} in answer to a call");
            }
        }
    }
}
