using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>Takes requests: checks them, makes them durable, and puts them into the queue.</summary>
internal sealed class Trainings(
    TrainingPlanner planner, SelectionPreviewer previewer, TrainingBoard board, TrainingRecords records, TimeProvider clock, IOptions<TrainingOptions> options, ILogger<Trainings> logger) : ITrainings
{
    // A runtime ends its work within a second; an answer to whoever cancels should not take much longer.
    private static readonly TimeSpan CancelWait = TimeSpan.FromSeconds(5);
    private readonly SortableId _ids = new(clock);

    // Its length is bounded by MaxQueued when a training is asked for.
    private readonly Channel<ActiveTraining> _queue = Channel.CreateUnbounded<ActiveTraining>();

    public event Action<TrainingInfo>? Changed
    {
        add => board.Changed += value;
        remove => board.Changed -= value;
    }

    /// <summary>Gets the trainings that wait, in order; those that were cancelled meanwhile among them.</summary>
    public ChannelReader<ActiveTraining> Queue => _queue.Reader;

    public async Task<TrainingInfo> StartAsync(TrainingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = request with { Params = ParameterBinding.Normalize(request.Params) };
        TrainingPlan plan = planner.Plan(request);
        if (board.Count(TrainingState.Queued) >= options.Value.MaxQueued)
            throw new WorkflowException($"{options.Value.MaxQueued} trainings wait already. Cancel some, try again later, or raise Mlops:Training:MaxQueued.");
        var info = new TrainingInfo
        {
            Id = _ids.Next("t"),
            Workflow = plan.Package.Manifest.Name,
            Version = plan.Package.Manifest.Version,
            State = TrainingState.Queued,
            Request = request,
            Created = clock.GetUtcNow(),
        };
        await records.AddAsync(info, cancellationToken).ConfigureAwait(false);
        Log.Queued(logger, info.Id, info.Workflow, info.Version);
        board.Announce(info);
        Enqueue(info);
        return info;
    }

    public Task<SelectionPreview> PreviewAsync(TrainingRequest request, CancellationToken cancellationToken = default) => previewer.PreviewAsync(request, cancellationToken);

    /// <summary>Puts a training that is in the database into the queue, unless it is there already.</summary>
    public bool Enqueue(TrainingInfo info)
    {
        var training = new ActiveTraining(info, options.Value, clock);
        return board.TryAdd(training) && _queue.Writer.TryWrite(training);
    }

    public async Task<TrainingInfo> WaitAsync(string id, CancellationToken cancellationToken = default)
    {
        if (board.FindActive(id) is { } training)
            return await training.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        return records.Find(id) ?? throw new ArgumentException($"There is no training '{id}'.", nameof(id));
    }

    public async Task<TrainingInfo?> CancelAsync(string id)
    {
        if (board.FindActive(id) is not { } training)
            return records.Find(id);
        if (training.TryCancel())
        {
            await board.EndAsync(training).ConfigureAwait(false);
            Log.Cancelled(logger, id);
            return training.Info;
        }

        await Task.WhenAny(training.Ended, Task.Delay(CancelWait, clock)).ConfigureAwait(false);
        return training.Info;
    }

    public TrainingInfo? Find(string id) => board.Find(id);

    public IReadOnlyList<TrainingInfo> List() => board.List();
}
