namespace Mlops.Ingest;

/// <summary>Why a message was put aside: the kind of reason, of which there are few; <see cref="DeadLetterInfo.Reason"/> says it in words.</summary>
public enum DeadLetterCause
{
    /// <summary>It is not what its topic promises: no JSON, cut off, or of another structure.</summary>
    Unreadable,

    /// <summary>Metadata of the databus that cannot be used, or not for all collections.</summary>
    BadMetadata,

    /// <summary>A value of the databus that no metadata explains, although it has waited for it.</summary>
    NoMetadata,

    /// <summary>A value of the databus that could not wait for its metadata, because too many do already.</summary>
    WaitingRoomFull,

    /// <summary>A value in a format that this node cannot decode.</summary>
    UnknownFormat,

    /// <summary>A message whose topic leads to no feed, or of one topic too many.</summary>
    NoFeed,

    /// <summary>A message whose feed cannot take its fields.</summary>
    NotStorable,

    /// <summary>A payload that does not have the layout that an asset declares.</summary>
    WrongLayout,

    /// <summary>A label, written to an answer, that names no record or cannot be read.</summary>
    BadLabel,
}
