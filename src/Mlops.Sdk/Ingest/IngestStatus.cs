using Mlops.Databus;

namespace Mlops.Ingest;

/// <summary>Reads the instruments.</summary>
internal sealed class IngestStatus(IngestInstruments instruments, DeadLetterTally letters, DatabusApps databus) : IIngestStatus
{
    public IngestReport Report() => new()
    {
        Trouble = instruments.Trouble?.Reason,
        TroubleSince = instruments.Trouble?.Since,
        Messages = Volatile.Read(ref instruments.Messages),
        Records = Volatile.Read(ref instruments.Records),
        Bytes = Volatile.Read(ref instruments.Bytes),
        DeadLetters = letters.Total,
        DeadLetterCauses = letters.Causes(),
        DeadLettersDropped = letters.Dropped,
        DeadLettersCut = letters.Cut,
        Duplicates = Volatile.Read(ref instruments.Duplicates),
        Gaps = Volatile.Read(ref instruments.Gaps),
        RetainedRepeats = Volatile.Read(ref instruments.Retained),
        Misfits = Volatile.Read(ref instruments.Misfits),
        Lost = instruments.Lost,
        CyclesLeftOut = Volatile.Read(ref instruments.CyclesLeftOut),
        Pending = instruments.Pending.Records,
        StaleFeeds = databus.Feeds().Count(f => f.StaleReason is not null),
        Buffered = instruments.Buffered,
    };
}
