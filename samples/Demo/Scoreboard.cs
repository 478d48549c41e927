namespace Demo;

/// <summary>Compares answers with labels that arrive later, by the asset's message number. Keeps only what still waits for its counterpart.</summary>
internal sealed class Scoreboard
{
    private readonly Estimates _estimates = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<long, string> _answers = [];
    private readonly Dictionary<long, string> _labels = [];
    private readonly SortedSet<string> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Label, string Answer), long> _confusion = [];
    private long _correct;
    private long _compared;

    /// <summary>Gets or sets a value indicating whether answers are estimates of a quantity.</summary>
    public bool IsQuantity { get; set; }

    public long Compared => Interlocked.Read(ref _compared);

    public double Accuracy => _compared == 0 || IsQuantity ? double.NaN : (double)_correct / _compared;

    /// <summary>Gets how well a quantity is estimated.</summary>
    public (double R2, double Mae) Estimated
    {
        get
        {
            lock (_gate)
                return (_estimates.R2, _estimates.Mae);
        }
    }

    public IReadOnlyList<string> Classes
    {
        get
        {
            lock (_gate)
                return [.. _classes];
        }
    }

    public double MacroF1
    {
        get
        {
            lock (_gate)
            {
                // A class that only ever was answered and never was true has no recall; scikit-learn counts it with 0 as well.
                return _classes.Count == 0 ? double.NaN : _classes.Average(c =>
                {
                    long hit = Count(c, c);
                    long written = _classes.Sum(o => Count(c, o));
                    long answered = _classes.Sum(o => Count(o, c));
                    return written + answered == 0 ? 0 : 2.0 * hit / (written + answered);
                });
            }
        }
    }

    public long Count(string label, string answer) => _confusion.GetValueOrDefault((label, answer));

    public void Answer(long sequence, string answer)
    {
        lock (_gate)
        {
            if (_labels.Remove(sequence, out string? label))
                Compare(label, answer);
            else
                _answers[sequence] = answer;
        }
    }

    public void Label(long sequence, string label)
    {
        lock (_gate)
        {
            if (_answers.Remove(sequence, out string? answer))
                Compare(label, answer);
            else
                _labels[sequence] = label;
        }
    }

    /// <summary>Forgets labels that wait for no answer: those of the records that were trained on.</summary>
    public void ForgetLabels()
    {
        lock (_gate)
            _labels.Clear();
    }

    private void Compare(string label, string answer)
    {
        if (IsQuantity)
        {
            _estimates.Add(label, answer);
            Interlocked.Increment(ref _compared);
            return;
        }

        _classes.Add(label);
        _classes.Add(answer);
        _confusion[(label, answer)] = Count(label, answer) + 1;
        if (label == answer)
            _correct++;
        Interlocked.Increment(ref _compared);
    }
}
