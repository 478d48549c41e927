using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Mlops.Training;

/// <summary>All trainings: those that wait or run from memory, the others from <c>mlops.db</c>. Thread-safe.</summary>
internal sealed class TrainingBoard(TrainingRecords records, ILogger<TrainingBoard> logger) : ITrainingJournal
{
    private readonly ConcurrentDictionary<string, ActiveTraining> _active = new(StringComparer.Ordinal);

    public event Action<TrainingInfo>? Changed;

    public int Count(TrainingState state) => _active.Values.Count(t => t.Info.State == state);

    public ActiveTraining? FindActive(string id) => _active.GetValueOrDefault(id);

    // An ended training leaves memory after it has become durable, so that one that is not in memory is in the database.
    public TrainingInfo? Find(string id) => FindActive(id)?.Info ?? records.Find(id);

    public IReadOnlyList<TrainingInfo> List()
    {
        Dictionary<string, TrainingInfo> active = _active.ToDictionary(t => t.Key, t => t.Value.Info);
        return [.. records.List().Select(t => active.GetValueOrDefault(t.Id, t))];
    }

    public IReadOnlyList<RunLogLine> Log(string id) => FindActive(id)?.Lines ?? records.Log(id);

    public IReadOnlyList<MetricPoint> History(string id) => FindActive(id)?.History ?? records.History(id);

    /// <summary>Takes a training up that is in the database already.</summary>
    public bool TryAdd(ActiveTraining training) => _active.TryAdd(training.Id, training);

    /// <summary>Stores where a training stands and announces it.</summary>
    public async Task SaveAsync(ActiveTraining training)
    {
        TrainingInfo info = training.Info;
        await records.SaveAsync(info).ConfigureAwait(false);
        Announce(info);
    }

    /// <summary>Stores the final state, with the model in the same transaction, announces it and forgets the training.</summary>
    public async Task EndAsync(ActiveTraining training, Action<SqliteConnection>? addModel = null)
    {
        TrainingInfo info = training.Final;
        await records.EndAsync(info, training.Lines, training.History, addModel).ConfigureAwait(false);
        training.Publish();
        Announce(info);
        training.Complete();
        _active.TryRemove(training.Id, out _);
    }

    public void Announce(TrainingInfo info)
    {
        foreach (Action<TrainingInfo> handler in Changed?.GetInvocationList().Cast<Action<TrainingInfo>>() ?? [])
        {
            try
            {
                handler(info);
            }
            catch (Exception e)
            {
                Training.Log.HandlerFailed(logger, e);
            }
        }
    }
}
