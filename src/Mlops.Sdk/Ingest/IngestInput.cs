using Mlops.Messaging;

namespace Mlops.Ingest;

/// <summary>What was accepted since the pump came by last. Belongs to whoever holds <see cref="IngestPipeline.Gate"/>.</summary>
internal sealed class IngestInput
{
    private readonly List<FilledRows> _filled = [];
    private readonly List<FeedInlet> _waiting = [];
    private readonly List<ArrivedRows> _arrived = [];
    private readonly List<BusAcknowledgement> _acknowledgements = [];
    private readonly List<TaskCompletionSource> _writers = [];
    private readonly List<DeadLetter> _letters = [];
    private int _records;
    private long _bytes;

    public bool IsEmpty => _waiting.Count == 0 && _filled.Count == 0 && _acknowledgements.Count == 0 && _writers.Count == 0 && _letters.Count == 0;

    /// <summary>Takes the newest rows of an inlet's open batch.</summary>
    public void Rows(FeedInlet inlet, int rows, long bytes)
    {
        _records += rows;
        _bytes += bytes;
        if (_arrived.Count > 0 && ReferenceEquals(_arrived[^1].Rows, inlet.Rows))
            _arrived[^1] = _arrived[^1] with { Count = _arrived[^1].Count + rows };
        else
            _arrived.Add(new ArrivedRows(inlet.Rows, inlet.Rows.Count - rows, rows));
        if (inlet.IsWaiting)
            return;
        inlet.IsWaiting = true;
        _waiting.Add(inlet);
    }

    /// <summary>Takes an inlet's open batch away early, because its schema changes.</summary>
    public void Seal(FeedInlet inlet)
    {
        if (!inlet.IsWaiting)
            return;
        inlet.IsWaiting = false;
        _waiting.Remove(inlet);
        _filled.Add(new FilledRows(inlet, inlet.Swap()));
    }

    public void Acknowledge(in BusAcknowledgement acknowledgement)
    {
        if (acknowledgement.IsExpected)
            _acknowledgements.Add(acknowledgement);
    }

    public void Wait(TaskCompletionSource writer) => _writers.Add(writer);

    public void Letter(DeadLetter letter)
    {
        _bytes += letter.Payload.Length;
        _letters.Add(letter);
        Acknowledge(letter.Acknowledgement);
    }

    /// <summary>Moves everything: filled batches to be built into <paramref name="filled"/>, the order in which their rows came into <paramref name="arrived"/>, the rest into the group.</summary>
    public void MoveTo(List<FilledRows> filled, List<ArrivedRows> arrived, CommitGroup group)
    {
        Move(_arrived, arrived);
        filled.AddRange(_filled);
        _filled.Clear();
        foreach (FeedInlet inlet in _waiting)
        {
            inlet.IsWaiting = false;
            filled.Add(new FilledRows(inlet, inlet.Swap()));
        }

        _waiting.Clear();
        Move(_acknowledgements, group.Acknowledgements);
        Move(_writers, group.Writers);
        Move(_letters, group.Letters);
        group.Records += _records;
        group.Bytes += _bytes;
        _records = 0;
        _bytes = 0;
    }

    private static void Move<T>(List<T> from, List<T> to)
    {
        to.AddRange(from);
        from.Clear();
    }
}
