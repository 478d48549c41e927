using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.DuckDb;

namespace Mlops.Drivers.Files;

/// <summary>
/// Reads the files of a folder as they are written. How far each was read is remembered after its records are durable: a crash in
/// between repeats the records of one batch, with the same <c>seq</c>, and loses none.
/// </summary>
internal sealed class FileDriver(string asset, FileDriverSettings settings, TimeProvider time, ILogger<FileDriver> logger) : IHighLevelDriver
{
    private const string PlacePrefix = "file:";
    private const string StartedKey = "started";
    private static readonly TimeSpan Forget = TimeSpan.FromDays(30);
    private readonly FolderScan _scan = new(settings);
    private readonly RowValues _values = new(settings);
    private readonly Dictionary<string, FilePlace> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Length, long Since)> _growth = new(StringComparer.Ordinal);
    private readonly BadLines _bad = new();
    private Playback? _playback;

    public async Task RunAsync(IRecordSink sink, CancellationToken stop)
    {
        _playback = settings.Speed is { } speed ? new Playback(speed, time) : null;
        IReadOnlyDictionary<string, string> memory = await sink.RecallAsync(stop).ConfigureAwait(false);
        foreach ((string key, string value) in memory)
        {
            if (key.StartsWith(PlacePrefix, StringComparison.Ordinal) && FilePlace.FromJson(value) is { } place)
                _places[key[PlacePrefix.Length..]] = place;
        }

        bool first = !memory.ContainsKey(StartedKey);
        var writer = new RowWriter(settings, _values, sink);
        await writer.ResumeAsync(memory, stop).ConfigureAwait(false);
        while (true)
        {
            if (List(sink) is { } files)
            {
                foreach (string name in files)
                    await ReadAsync(sink, writer, name, fromEnd: first && settings.Start == FileStart.End, stop).ConfigureAwait(false);
                if (first)
                    await sink.RememberAsync(StartedKey, "1", stop).ConfigureAwait(false);
                first = false;
                await ForgetAsync(sink, files, stop).ConfigureAwait(false);
                sink.Report(_bad.Count == 0 ? DriverState.Connected : DriverState.Degraded, _bad.Text);
            }

            await Task.Delay(settings.PollInterval, time, stop).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private List<string>? List(IRecordSink sink)
    {
        try
        {
            return _scan.Files();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            sink.Report(DriverState.Faulted, e is DirectoryNotFoundException ? e.Message : $"The folder '{_scan.Root}' cannot be read: {e.Message} Mend it, or let the node's account read it.");
            return null;
        }
    }

    private async Task ReadAsync(IRecordSink sink, RowWriter writer, string name, bool fromEnd, CancellationToken stop)
    {
        FileStream file;
        try
        {
            file = Open(name);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Renamed or removed since the folder was listed.
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _bad.File(name, $"it cannot be opened: {e.Message}");
            return;
        }

        await using (file.ConfigureAwait(false))
        {
            (FilePlace? place, string? moved) = _scan.Find(name, file, _places, IsThere);
            if (moved is not null)
            {
                await KeepAsync(sink, name, place!).ConfigureAwait(false);
                await KeepAsync(sink, moved, null).ConfigureAwait(false);
            }
            else if (place is null && _places.ContainsKey(name))
            {
                // Truncated or overwritten: it begins anew.
                Log.FileReplaced(logger, asset, name);
                _growth.Remove(name);
            }

            if (_scan.FormatOf(name) == RecordFileFormat.Parquet)
                await ReadParquetAsync(sink, writer, name, file, place, fromEnd, stop).ConfigureAwait(false);
            else
                await ReadTextAsync(sink, writer, name, file, place, fromEnd, stop).ConfigureAwait(false);
        }
    }

    private async Task ReadTextAsync(IRecordSink sink, RowWriter writer, string name, FileStream file, FilePlace? place, bool fromEnd, CancellationToken stop)
    {
        bool settled = IsSettled(name, file.Length);
        bool json = _scan.FormatOf(name) == RecordFileFormat.JsonLines;
        var rows = new TextRows(settings, json, place?.Header);
        long records = place?.Records ?? 0;
        var lines = new LineReader(file, place?.Offset ?? 0, settings.MaxLineBytes, quotes: !json);
        long done = place?.Offset ?? 0;
        while (lines.TryRead(settled, out ReadOnlyMemory<byte> line, out long start, out bool tooLong))
        {
            // Lines that were there before the very first start are passed over, except for the header.
            if (fromEnd && place is null && (json || rows.Header is not null || settings.Columns.Count > 0))
            {
                done = lines.Offset;
                continue;
            }

            try
            {
                if (tooLong)
                    throw new FormatException($"it is longer than {settings.MaxLineBytes} bytes");
                if (rows.Read(LineReader.Text(line.Span)) is { } values)
                {
                    records++;
                    await TakeAsync(writer, new RecordRow(start, values), stop).ConfigureAwait(false);
                }
            }
            catch (FormatException e)
            {
                _bad.Line(name, start, e.Message);
            }

            done = lines.Offset;
            if (writer.IsFull)
            {
                await writer.WriteAsync(stop).ConfigureAwait(false);
                await KeepAsync(sink, name, FilePlace.Take(file, done, done, records, rows.Header, time.GetUtcNow())).ConfigureAwait(false);
            }
        }

        await writer.WriteAsync(stop).ConfigureAwait(false);
        if (done != (place?.Offset ?? -1))
            await KeepAsync(sink, name, FilePlace.Take(file, done, done, records, rows.Header, time.GetUtcNow())).ConfigureAwait(false);
    }

    private async Task ReadParquetAsync(IRecordSink sink, RowWriter writer, string name, FileStream file, FilePlace? place, bool fromEnd, CancellationToken stop)
    {
        // Written once: what was read to its end has its own place already. One that is being written cannot be opened yet.
        if (place is { Offset: < 0 })
            return;
        long done = place?.Offset ?? 0;
        try
        {
            foreach (RecordRow row in fromEnd && place is null ? [] : ParquetRows.Read(Path.Combine(_scan.Root, name), done, stop))
            {
                try
                {
                    await TakeAsync(writer, row, stop).ConfigureAwait(false);
                }
                catch (FormatException e)
                {
                    _bad.Line(name, row.Place, e.Message);
                }

                done = row.Place + 1;
                if (writer.IsFull)
                {
                    await writer.WriteAsync(stop).ConfigureAwait(false);
                    await KeepAsync(sink, name, FilePlace.Take(file, file.Length, done, done, null, time.GetUtcNow())).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or DuckDbException)
        {
            if (IsSettled(name, file.Length))
                _bad.File(name, e.Message);
            return;
        }

        await writer.WriteAsync(stop).ConfigureAwait(false);
        await KeepAsync(sink, name, FilePlace.Take(file, file.Length, -1, done, null, time.GetUtcNow())).ConfigureAwait(false);
    }

    private async Task TakeAsync(RowWriter writer, RecordRow row, CancellationToken stop)
    {
        long own = string.IsNullOrEmpty(settings.Timestamp) ? EpochTime.FromDateTimeOffset(time.GetUtcNow()) : _values.Time(row);
        if (_playback?.Until(own) is { } wait && wait > TimeSpan.Zero)
        {
            await writer.WriteAsync(stop).ConfigureAwait(false);
            await Task.Delay(wait, time, stop).ConfigureAwait(false);
        }

        await writer.AddAsync(row, settings.Restamp ? EpochTime.FromDateTimeOffset(time.GetUtcNow()) : own, stop).ConfigureAwait(false);
    }

    private FileStream Open(string name) =>
        new(Path.Combine(_scan.Root, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private bool IsThere(string name, FilePlace place)
    {
        try
        {
            using FileStream file = Open(name);
            return place.Fits(file, _scan.Bytes(name, place, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool IsSettled(string name, long length)
    {
        if (!_growth.TryGetValue(name, out (long Length, long Since) last) || last.Length != length)
        {
            _growth[name] = (length, time.GetTimestamp());
            return false;
        }

        return time.GetElapsedTime(last.Since) >= settings.SettleTime;
    }

    private async Task KeepAsync(IRecordSink sink, string name, FilePlace? place)
    {
        if (place is null)
            _places.Remove(name);
        else
            _places[name] = place;

        // Also when the driver is to end: the records before this place are durable, and would be read again.
        await sink.RememberAsync(Key(name), place?.ToJson(), CancellationToken.None).ConfigureAwait(false);
    }

    // Files that are gone for long are forgotten; not at once, because a folder may be away for a while.
    private async Task ForgetAsync(IRecordSink sink, List<string> files, CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        var there = new HashSet<string>(files, StringComparer.Ordinal);
        foreach (string name in _growth.Keys.Where(n => !there.Contains(n)).ToList())
            _growth.Remove(name);
        foreach ((string name, FilePlace place) in _places.ToList())
        {
            if (there.Contains(name) && now - place.Seen > TimeSpan.FromDays(1))
                await KeepAsync(sink, name, place with { Seen = now }).ConfigureAwait(false);
            else if (!there.Contains(name) && now - place.Seen > Forget)
                await KeepAsync(sink, name, null).ConfigureAwait(false);
        }
    }

    private static string Key(string name) => PlacePrefix + name;
}
