namespace Mlops.Ingest;

/// <summary>Tells how ingest is doing. Thread-safe.</summary>
public interface IIngestStatus
{
    /// <summary>Returns the counts since the start of the process, and what is wrong now.</summary>
    /// <returns>A snapshot.</returns>
    IngestReport Report();
}
