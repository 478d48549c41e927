using System.Diagnostics.CodeAnalysis;

namespace Mlops.Testing.Assets;

/// <summary>Holds labels until the inspector is done with them: so many records and so much time after their record.</summary>
internal sealed class LabelBacklog(long delayInRecords, TimeSpan delay)
{
    private readonly Queue<PendingLabel> _pending = new();

    public int Count => _pending.Count;

    public void Add(PendingLabel label) => _pending.Enqueue(label);

    /// <summary>Shows the oldest label if it is due, or in any case if <paramref name="force"/> is set. It stays until it is removed.</summary>
    public bool TryPeek(long lastSequence, DateTime now, bool force, [NotNullWhen(true)] out PendingLabel? label) =>
        _pending.TryPeek(out label) && (force || (lastSequence - label.Sequence >= delayInRecords && now - label.RecordTime >= delay));

    /// <summary>Removes the oldest label, which is on its way.</summary>
    public void Remove() => _pending.Dequeue();
}
