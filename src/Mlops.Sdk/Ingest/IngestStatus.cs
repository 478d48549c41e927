using Mlops.Databus;

namespace Mlops.Ingest;

/// <summary>Reads the instruments.</summary>
internal sealed class IngestStatus(IngestInstruments instruments, DatabusApps databus) : IIngestStatus
{
    public IngestReport Report() => new()
    {
        Trouble = instruments.Trouble?.Reason,
        TroubleSince = instruments.Trouble?.Since,
        Messages = Volatile.Read(ref instruments.Messages),
        Records = Volatile.Read(ref instruments.Records),
        Bytes = Volatile.Read(ref instruments.Bytes),
        DeadLetters = instruments.DeadLetters,
        Duplicates = Volatile.Read(ref instruments.Duplicates),
        Gaps = Volatile.Read(ref instruments.Gaps),
        RetainedRepeats = Volatile.Read(ref instruments.Retained),
        Misfits = Volatile.Read(ref instruments.Misfits),
        Lost = instruments.Lost,
        Pending = instruments.Pending.Records,
        StaleFeeds = databus.Feeds().Count(f => f.StaleReason is not null),
        Buffered = instruments.Buffered,
    };
}
