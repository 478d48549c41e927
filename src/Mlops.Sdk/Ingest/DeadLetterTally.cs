namespace Mlops.Ingest;

/// <summary>Counts dead letters by cause and source. Thread-safe and bounded.</summary>
internal sealed class DeadLetterTally
{
    private const int MaxSources = 1_000;
    private const string OtherSources = "other";
    private readonly Lock _lock = new();
    private readonly HashSet<string> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<(DeadLetterCause Cause, string Source), DeadLetterCount> _counts = [];
    private readonly long[] _causes = new long[Enum.GetValues<DeadLetterCause>().Length];
    private long _total;
    private long _cut;
    private long _dropped;

    public long Total => Interlocked.Read(ref _total);

    /// <summary>Gets how many letters kept only the beginning of their payload.</summary>
    public long Cut => Interlocked.Read(ref _cut);

    /// <summary>Gets how many letters made room for newer ones, or could not be written.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(DeadLetter letter)
    {
        lock (_lock)
        {
            string source = _sources.Count < MaxSources && _sources.Add(letter.Source) || _sources.Contains(letter.Source) ? letter.Source : OtherSources;
            long count = _counts.TryGetValue((letter.Cause, source), out DeadLetterCount? known) ? known.Count : 0;
            _counts[(letter.Cause, source)] = new DeadLetterCount(letter.Cause, source, count + 1, letter.Time, letter.Reason);
            _causes[(int)letter.Cause]++;
        }

        Interlocked.Increment(ref _total);
        if (letter.Payload.Length < letter.PayloadBytes)
            Interlocked.Increment(ref _cut);
    }

    public void Drop(int letters) => Interlocked.Add(ref _dropped, letters);

    /// <summary>Returns the counts of the causes that occurred.</summary>
    public IReadOnlyDictionary<DeadLetterCause, long> Causes()
    {
        lock (_lock)
            return Enum.GetValues<DeadLetterCause>().Where(c => _causes[(int)c] > 0).ToDictionary(c => c, c => _causes[(int)c]);
    }

    /// <summary>Returns all counts, the highest first.</summary>
    public IReadOnlyList<DeadLetterCount> Counts()
    {
        lock (_lock)
            return [.. _counts.Values.OrderByDescending(c => c.Count).ThenBy(c => c.Cause).ThenBy(c => c.Source, StringComparer.Ordinal)];
    }
}
