namespace Mlops.Store;

/// <summary>Makes backups while the node runs. Thread-safe; one is made at a time.</summary>
public interface IStoreBackup
{
    /// <summary>
    /// Writes what the node has at one moment: catalog, log and cursors, Parquet files, blobs, workflow packages and models. Commits go on meanwhile.
    /// </summary>
    /// <param name="target">A folder that does not exist or is empty, or the path of a new file that ends in <c>.zip</c>. Into a folder on the same disk, files that never change are linked, not copied.</param>
    /// <param name="progress">Hears from 0 to 1 how far it is.</param>
    /// <param name="cancellationToken">Gives up; nothing is left at the target.</param>
    /// <returns>What was written; it is durable and was read once for its checksums.</returns>
    /// <exception cref="ArgumentException">Something is at the target already, or it lies in the data folder.</exception>
    /// <exception cref="IOException">The disk refuses, or the store cannot be read; nothing is left at the target.</exception>
    Task<BackupInfo> BackupAsync(string target, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}
