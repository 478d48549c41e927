namespace Mlops.Store.Transfer;

/// <summary>Counts what becomes of the lines of an import.</summary>
internal sealed class ImportTally(string feed, IProgress<TransferProgress>? progress)
{
    private const int MaxProblems = 1000;
    private readonly List<LineProblem> _problems = [];
    private long _records;
    private long _rejected;

    public void Reject(long line, string reason)
    {
        _rejected++;
        if (_problems.Count < MaxProblems)
            _problems.Add(new LineProblem(line, reason));
    }

    public void Stored(int records)
    {
        _records += records;
        progress?.Report(new TransferProgress(_records, _rejected));
    }

    public ImportReport Report() => new(feed, _records, _rejected, _problems);
}
