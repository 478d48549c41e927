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
        if (options.SegmentMaximumAge < options.SegmentAge)
            failures.Add($"Mlops:Store:SegmentMaximumAge ({options.SegmentMaximumAge}) is less than Mlops:Store:SegmentAge ({options.SegmentAge}); set it to the same or more.");
        if (options.LabelSources.Distinct(StringComparer.Ordinal).Count() != options.LabelSources.Count)
            failures.Add($"Mlops:Store:LabelSources names a source twice: {string.Join(", ", options.LabelSources)}. Name each once.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
