namespace Mlops.Store;

/// <summary>Makes sure that one process at a time uses a data folder. The system releases the lock even after a kill.</summary>
internal static class DataFolderLock
{
    /// <summary>A file that stands in a folder into which a backup is being restored.</summary>
    public const string RestoreMarker = "restoring";

    public static FileStream Take(string folder)
    {
        if (File.Exists(Path.Combine(folder, RestoreMarker)))
            throw new IOException($"The data folder '{folder}' holds a restore that was not finished. Empty the folder and restore the backup again.");
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && IsReadOnly(e)))
        {
            throw new IOException($"The data folder '{folder}' cannot be written: {e.Message} Make it writable for this account or set Mlops:DataFolder to another folder.", e);
        }
        catch (IOException e)
        {
            throw new IOException($"The data folder '{folder}' is in use by another process, or cannot be opened: {e.Message} Stop that process or set Mlops:DataFolder to another folder.", e);
        }
    }

    // 30 is EROFS on Linux and macOS; the framework passes it on in the low word.
    private static bool IsReadOnly(Exception e) => (e.HResult & 0xFFFF) == 30 || e.Message.Contains("Read-only", StringComparison.OrdinalIgnoreCase);
}
