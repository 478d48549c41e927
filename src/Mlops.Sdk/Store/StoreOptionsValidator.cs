using Microsoft.Extensions.Options;

namespace Mlops.Store;

/// <summary>Checks what annotations cannot express; finds everything at once.</summary>
internal sealed class StoreOptionsValidator : IValidateOptions<StoreOptions>
{
    public ValidateOptionsResult Validate(string? name, StoreOptions options)
    {
        var failures = new List<string>();
        if (options.QueryMemory.Bytes < ByteSize.Megabytes(32).Bytes)
            failures.Add($"Mlops:Store:QueryMemory is {options.QueryMemory}; queries need at least 32 MB.");
        if (options.SegmentBytes.Bytes < 64 * 1024 || options.SegmentBytes.Bytes > ByteSize.Megabytes(256).Bytes)
            failures.Add($"Mlops:Store:SegmentBytes is {options.SegmentBytes}; set 64 KB to 256 MB.");
        if (options.CompactionBytes.Bytes < 64 * 1024 || options.CompactionBytes.Bytes > ByteSize.Megabytes(256).Bytes)
            failures.Add($"Mlops:Store:CompactionBytes is {options.CompactionBytes}; set 64 KB to 256 MB.");
        if (options.SegmentMaximumAge < options.SegmentAge)
            failures.Add($"Mlops:Store:SegmentMaximumAge ({options.SegmentMaximumAge}) is less than Mlops:Store:SegmentAge ({options.SegmentAge}); set it to the same or more.");
        if (options.LabelSources.Distinct(StringComparer.Ordinal).Count() != options.LabelSources.Count)
            failures.Add($"Mlops:Store:LabelSources names a source twice: {string.Join(", ", options.LabelSources)}. Name each once.");
        Check("Mlops:Store:Retention", options.Retention.MaximumAge, options.Retention.MaximumBytes, failures);
        if (options.Retention.TotalBytes is { Bytes: <= 0 } total)
            failures.Add($"Mlops:Store:Retention:TotalBytes is {total}; leave it out to keep everything, or set more than nothing.");
        foreach ((string feed, FeedRetention own) in options.Retention.Feeds)
            Check($"Mlops:Store:Retention:Feeds:{feed}", own.MaximumAge, own.MaximumBytes, failures);
        if (options.Retention.Interval <= TimeSpan.Zero)
            failures.Add($"Mlops:Store:Retention:Interval is {options.Retention.Interval}; set more than nothing.");
        if (options.Blobs.MaximumBytes.Bytes <= 0)
            failures.Add($"Mlops:Store:Blobs:MaximumBytes is {options.Blobs.MaximumBytes}; set more than nothing.");
        if (options.Blobs.Grace < TimeSpan.FromMinutes(1))
            failures.Add($"Mlops:Store:Blobs:Grace is {options.Blobs.Grace}; set at least a minute, in which a stored blob's record becomes durable.");
        if (options.Blobs.SweepInterval <= TimeSpan.Zero)
            failures.Add($"Mlops:Store:Blobs:SweepInterval is {options.Blobs.SweepInterval}; set more than nothing.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(string path, TimeSpan? age, ByteSize? bytes, List<string> failures)
    {
        if (age <= TimeSpan.Zero)
            failures.Add($"{path}:MaximumAge is {age}; leave it out to keep records however old they are, or set more than nothing.");
        if (bytes is { Bytes: <= 0 })
            failures.Add($"{path}:MaximumBytes is {bytes}; leave it out to keep records however many they are, or set more than nothing.");
    }
}
