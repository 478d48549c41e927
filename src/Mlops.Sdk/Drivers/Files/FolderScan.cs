namespace Mlops.Drivers.Files;

/// <summary>Finds the files to read and which of the remembered places belongs to each, however they were renamed meanwhile.</summary>
internal sealed class FolderScan(FileDriverSettings settings)
{
    private readonly string _root = Path.GetFullPath(settings.Folder);

    public string Root => _root;

    public RecordFileFormat FormatOf(string name) => settings.Format != RecordFileFormat.Auto ? settings.Format : Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".PARQUET" => RecordFileFormat.Parquet,
        ".JSON" or ".JSONL" or ".NDJSON" => RecordFileFormat.JsonLines,
        _ => RecordFileFormat.Csv,
    };

    /// <summary>Lists the files by the time they were written last, as names relative to the folder.</summary>
    /// <exception cref="IOException">The folder is not there, or cannot be read.</exception>
    public List<string> Files()
    {
        if (!Directory.Exists(_root))
            throw new DirectoryNotFoundException($"The folder '{_root}' is not there. Make it, or correct the setting folder.");
        var how = new EnumerationOptions { RecurseSubdirectories = settings.Subfolders, MatchType = MatchType.Simple, MatchCasing = MatchCasing.PlatformDefault, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };
        return [.. new DirectoryInfo(_root).EnumerateFiles(settings.Pattern, how)
            .OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.FullName, StringComparer.Ordinal)
            .Select(f => Path.GetRelativePath(_root, f.FullName))];
    }

    /// <summary>Finds the place in an open file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="file">The file.</param>
    /// <param name="places">Places by name; a place that has moved is moved here as well.</param>
    /// <param name="isThere">Tells whether a name is that of a file now, with the marks of its place.</param>
    /// <returns>The place, <see langword="null"/> when the file is new; and the name it had.</returns>
    public (FilePlace? Place, string? Moved) Find(string name, FileStream file, IReadOnlyDictionary<string, FilePlace> places, Func<string, FilePlace, bool> isThere)
    {
        if (places.TryGetValue(name, out FilePlace? own) && own.Fits(file, Bytes(name, own, file)))
            return (own, null);
        foreach ((string other, FilePlace place) in places)
        {
            // A place of nothing fits every file and says nothing.
            if (other != name && place.Length > 0 && FormatOf(other) == FormatOf(name) && place.Fits(file, Bytes(name, place, file)) && !isThere(other, place))
                return (place, other);
        }

        return (null, null);
    }

    /// <summary>Tells where a place is in bytes: Parquet files are taken as a whole.</summary>
    public long Bytes(string name, FilePlace place, FileStream file) => FormatOf(name) == RecordFileFormat.Parquet ? file.Length : place.Offset;
}
