namespace Mlops.Mqtt.Transport;

/// <summary>A value made from files, made anew when they have changed. Thread-safe.</summary>
/// <remarks>
/// Files are looked at when the value is asked for, at most once a second: no watcher misses a changed link or a mounted folder.
/// What cannot be used, for example because only one of two files is written yet, leaves the value as it is and is tried again.
/// </remarks>
internal sealed class FileBacked<T>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string[] files;
    private readonly Func<T> load;
    private readonly Action<Exception?> changed;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private T value;
    private string used;
    private string? reported;
    private long looked;

    /// <param name="files">The files.</param>
    /// <param name="load">Makes the value; its exception goes to the caller the first time, and to <paramref name="changed"/> later.</param>
    /// <param name="changed">Called once for each change, with what makes it unusable or null.</param>
    /// <param name="time">Measures the interval.</param>
    public FileBacked(IEnumerable<string?> files, Func<T> load, Action<Exception?> changed, TimeProvider time)
    {
        this.files = [.. files.OfType<string>().Distinct()];
        this.load = load;
        this.changed = changed;
        this.time = time;
        // Looked at before they are read: what changes in between is read again.
        used = Stamp();
        value = load();
        looked = time.GetTimestamp();
    }

    public T Value
    {
        get
        {
            lock (gate)
            {
                if (time.GetElapsedTime(looked) >= Interval)
                    Look();
                return value;
            }
        }
    }

    private void Look()
    {
        looked = time.GetTimestamp();
        string now = Stamp();
        if (now == used)
            return;
        try
        {
            value = load();
            used = now;
            changed(null);
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            if (reported != now)
                changed(error);
            reported = now;
        }
    }

    private string Stamp() => string.Join('|', files.Select(file =>
    {
        try
        {
            var info = new FileInfo(file);
            var target = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
            return target.Exists ? $"{target.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}" : "none";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "none";
        }
    }));
}
