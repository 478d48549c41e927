namespace Mlops.Store;

/// <summary>
/// Says which records somebody still needs, so that retention leaves them. Rooms that read with a cursor register one; all are
/// asked, from a background thread, whenever records are due to be dropped. Must not throw.
/// </summary>
public interface IRetentionHold
{
    /// <summary>Lists what is needed now.</summary>
    /// <returns>One entry for each reader and feed.</returns>
    IEnumerable<HeldRecords> Held();
}
