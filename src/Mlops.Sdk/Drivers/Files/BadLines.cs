namespace Mlops.Drivers.Files;

/// <summary>Counts what could not be understood since the start, and names the last of it.</summary>
internal sealed class BadLines
{
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private string _last = "";

    public long Count { get; private set; }

    /// <summary>Gets what is wrong, for the asset's state; <see langword="null"/> when nothing is.</summary>
    public string? Text => Count == 0 ? null : $"{Count} bad line{(Count == 1 ? "" : "s")} left out; the last: {_last}.";

    public void Line(string file, long place, string reason)
    {
        Count++;
        _last = $"{file} at {place}: {reason}";
    }

    /// <summary>A file that cannot be read counts once, however often it is tried.</summary>
    public void File(string file, string reason)
    {
        if (_files.Add(file))
            Count++;
        _last = $"{file}: {reason}";
    }
}
