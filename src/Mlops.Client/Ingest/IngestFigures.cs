namespace Mlops.Client;

/// <summary>How ingest is doing; counts since the node started.</summary>
/// <param name="Messages">How many messages were taken from the bus.</param>
/// <param name="Records">How many records were accepted.</param>
/// <param name="Bytes">The payload of all messages, bytes.</param>
/// <param name="DeadLetters">How many messages were put aside because they could not be understood.</param>
/// <param name="DeadLettersDropped">How many dead letters made room for newer ones or could not be written.</param>
/// <param name="DeadLettersCut">Of how many dead letters only the beginning was kept.</param>
/// <param name="DeadLetterCauses">Dead letters by cause.</param>
/// <param name="Duplicates">How many records were recognised as sent twice.</param>
/// <param name="Gaps">How many numbers are missing in the sequences of senders.</param>
/// <param name="RetainedRepeats">How many messages that the broker had kept were taken before and not stored again.</param>
/// <param name="Misfits">How many values did not fit their field or had an unknown id.</param>
/// <param name="Lost">How many records were accepted and could not be kept.</param>
/// <param name="CyclesLeftOut">How many rows of cycles were left out because the store could not keep up.</param>
/// <param name="Pending">How many records are accepted and not yet committed.</param>
/// <param name="StaleFeeds">How many feeds of the databus get no values because their app or connection is away.</param>
/// <param name="Buffered">How many messages wait for the metadata that explains them.</param>
/// <param name="Trouble">Why nothing can be stored now.</param>
/// <param name="TroubleSince">Since when there is trouble.</param>
public sealed record IngestFigures(
    long Messages,
    long Records,
    long Bytes,
    long DeadLetters,
    long DeadLettersDropped,
    long DeadLettersCut,
    IReadOnlyDictionary<string, long> DeadLetterCauses,
    long Duplicates,
    long Gaps,
    long RetainedRepeats,
    long Misfits,
    long Lost,
    long CyclesLeftOut,
    int Pending,
    int StaleFeeds,
    int Buffered,
    string? Trouble = null,
    DateTimeOffset? TroubleSince = null);
