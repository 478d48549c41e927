namespace Mlops.Ingest;

/// <summary>How ingest is doing; counts since the start of the process.</summary>
public sealed record IngestReport
{
    /// <summary>Gets why nothing can be stored now, for example a full disk; <see langword="null"/> while all is well.</summary>
    public string? Trouble { get; init; }

    /// <summary>Gets since when there is <see cref="Trouble"/>.</summary>
    public DateTimeOffset? TroubleSince { get; init; }

    /// <summary>Gets how many messages were taken from the bus.</summary>
    public long Messages { get; init; }

    /// <summary>Gets how many records were accepted.</summary>
    public long Records { get; init; }

    /// <summary>Gets the payload of all messages, bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets how many messages were put aside because they could not be understood.</summary>
    public long DeadLetters { get; init; }

    /// <summary>Gets the same by cause, without those that did not occur; <see cref="IDeadLetters.Counts"/> has them by source as well.</summary>
    public IReadOnlyDictionary<DeadLetterCause, long> DeadLetterCauses { get; init; } = new Dictionary<DeadLetterCause, long>();

    /// <summary>Gets how many dead letters made room for newer ones or could not be written.</summary>
    public long DeadLettersDropped { get; init; }

    /// <summary>Gets of how many dead letters only the beginning of the payload was kept.</summary>
    public long DeadLettersCut { get; init; }

    /// <summary>Gets how many records were recognised as sent twice.</summary>
    public long Duplicates { get; init; }

    /// <summary>Gets how many numbers are missing in the sequences of senders.</summary>
    public long Gaps { get; init; }

    /// <summary>Gets how many messages that the broker had kept were taken before and not stored again.</summary>
    public long RetainedRepeats { get; init; }

    /// <summary>Gets how many values did not fit their field or had an unknown id.</summary>
    public long Misfits { get; init; }

    /// <summary>Gets how many records were accepted and could not be kept.</summary>
    public long Lost { get; init; }

    /// <summary>Gets how many rows of cycles were left out because the store could not keep up.</summary>
    public long CyclesLeftOut { get; init; }

    /// <summary>Gets how many records are accepted and not yet committed.</summary>
    public int Pending { get; init; }

    /// <summary>Gets how many feeds of the databus get no values because their app or connection is away or says that it is bad.</summary>
    public int StaleFeeds { get; init; }

    /// <summary>Gets how many messages wait for the metadata that explains them.</summary>
    public int Buffered { get; init; }
}
