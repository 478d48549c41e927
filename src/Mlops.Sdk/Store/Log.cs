using Microsoft.Extensions.Logging;
using Mlops.Data;

namespace Mlops.Store;

/// <summary>What the store says. Event ids 1000–1099, never renumbered.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "Feed '{Feed}' was created with {Fields} fields.")]
    public static partial void FeedCreated(ILogger logger, string feed, int fields);

    [LoggerMessage(1001, LogLevel.Warning, "Feed '{Feed}': field '{Field}' was {Before} and is now {After}; the feed is at version {Version} from here. Older values stay in the Parquet files; they read as null under the new type and as they were under the older version.")]
    public static partial void FieldChangedType(ILogger logger, string feed, string field, FieldType before, FieldType after, int version);

    [LoggerMessage(1002, LogLevel.Warning, "The next positions could not be reserved ahead; they will be when they are needed.")]
    public static partial void PositionsNotReserved(ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "Feed '{Feed}': {Count} records at positions {First} to {Last} in the log of mlops.db cannot be read and were set aside (table set_aside): {Reason}")]
    public static partial void LogRowSetAside(ILogger logger, string feed, long count, long first, long last, string reason);

    [LoggerMessage(1004, LogLevel.Error, "Feed '{Feed}': {Count} records at positions {First} to {Last} cannot be read and were set aside as '{Path}': {Reason} To have them again, put a sound copy from a backup at 'feeds/{Former}' and restart.")]
    public static partial void SegmentSetAside(ILogger logger, string feed, long count, long first, long last, string path, string reason, string former);

    [LoggerMessage(1005, LogLevel.Debug, "Feed '{Feed}': {Count} records became '{Path}' ({Bytes} bytes).")]
    public static partial void SegmentClosed(ILogger logger, string feed, long count, string path, long bytes);

    [LoggerMessage(1006, LogLevel.Error, "Feed '{Feed}': the log could not be turned into a Parquet file and stays in mlops.db; it is tried again.")]
    public static partial void SegmentNotClosed(ILogger logger, Exception exception, string feed);

    [LoggerMessage(1007, LogLevel.Information, "'{Path}' was left behind by an interrupted write and was deleted; its records are in the log.")]
    public static partial void LeftoverDeleted(ILogger logger, string path);

    [LoggerMessage(1008, LogLevel.Warning, "'{Path}' was left behind by an interrupted write and could not be deleted. Delete it by hand; its records are in the log.")]
    public static partial void LeftoverNotDeleted(ILogger logger, Exception exception, string path);

    [LoggerMessage(1009, LogLevel.Information, "The store in '{Folder}' is open with {Feeds} feeds and {Records} records.")]
    public static partial void StoreOpened(ILogger logger, string folder, int feeds, long records);

    [LoggerMessage(1010, LogLevel.Information, "The store in '{Folder}' is closed; all records are in Parquet files.")]
    public static partial void StoreClosed(ILogger logger, string folder);

    [LoggerMessage(1011, LogLevel.Critical, "Turning the log into Parquet files has ended unexpectedly. Records are still stored, in mlops.db; restart the host.")]
    public static partial void SegmentLoopEnded(ILogger logger, Exception exception);

    [LoggerMessage(1012, LogLevel.Warning, "Labels from feed '{From}' for '{Feed}' could not be taken; it is tried again.")]
    public static partial void LabelsNotTaken(ILogger logger, Exception exception, string from, string feed);

    [LoggerMessage(1013, LogLevel.Warning, "Feed '{From}': {Count} records were no labels for '{Feed}', because '{ValueField}' or '{KeyField}' was missing or of no use in them.")]
    public static partial void RecordsWithoutLabel(ILogger logger, string from, int count, string feed, string valueField, string keyField);

    [LoggerMessage(1014, LogLevel.Warning, "'{Path}' is not in the catalog, and its records are not in the log. It was kept as '{Kept}'. If mlops.db was replaced, restore both from the same backup.")]
    public static partial void UnknownFile(ILogger logger, string path, string kept);

    [LoggerMessage(1015, LogLevel.Error, "A handler of ILabels.Added failed.")]
    public static partial void LabelHandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(1016, LogLevel.Critical, "Taking labels from feed '{From}' has ended unexpectedly; restart the host.")]
    public static partial void LabelLoopEnded(ILogger logger, Exception exception, string from);

    [LoggerMessage(1020, LogLevel.Information, "Feed '{Feed}': '{Path}' is whole again; its {Count} records are back.")]
    public static partial void SegmentTakenBack(ILogger logger, string feed, long count, string path);

    [LoggerMessage(1021, LogLevel.Debug, "Feed '{Feed}': {Files} small files with {Count} records became '{Path}' ({Bytes} bytes).")]
    public static partial void SegmentsCompacted(ILogger logger, string feed, int files, long count, string path, long bytes);

    [LoggerMessage(1022, LogLevel.Warning, "Feed '{Feed}': {Files} small files could not be made one and stay as they are; it is tried again after the next file.")]
    public static partial void SegmentsNotCompacted(ILogger logger, Exception exception, string feed, int files);

    [LoggerMessage(1023, LogLevel.Information, "Feed '{Feed}': {Count} records up to {Until} were dropped, {Bytes} bytes in {Files} files: {Reason}")]
    public static partial void RecordsDropped(ILogger logger, string feed, long count, DateTimeOffset until, long bytes, int files, string reason);

    [LoggerMessage(1024, LogLevel.Warning, "Feed '{Feed}': records are due to be dropped, but '{Reader}' has not read them; they stay. Let it catch up, end it, or set Mlops:Store:Retention:PastReaders.")]
    public static partial void RecordsHeld(ILogger logger, string feed, string reader);

    [LoggerMessage(1025, LogLevel.Warning, "Old records could not be dropped; it is tried again.")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);

    [LoggerMessage(1026, LogLevel.Information, "A backup with {Files} files and {Bytes} bytes was written to '{Path}'.")]
    public static partial void BackedUp(ILogger logger, int files, long bytes, string path);

    [LoggerMessage(1027, LogLevel.Information, "{Count} blobs that no record or label names any more were deleted, {Bytes} bytes.")]
    public static partial void BlobsDeleted(ILogger logger, long count, long bytes);

    [LoggerMessage(1028, LogLevel.Warning, "Blobs that no record names could not be looked for; it is tried again.")]
    public static partial void BlobSweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(1029, LogLevel.Information, "Feed '{Feed}': field '{Before}' is called '{After}' from here (both have the id '{Id}'); its older values are read under the new name.")]
    public static partial void FieldRenamed(ILogger logger, string feed, string before, string after, string id);
}
