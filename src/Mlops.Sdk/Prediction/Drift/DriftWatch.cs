using Mlops.Data;
using Mlops.Training.Profiles;

namespace Mlops.Prediction.Drift;

/// <summary>
/// Watches a model's inputs and answers for drift against its training data. Fed by the deployment's loop alone; <see cref="Info"/>
/// may be read by anybody. What is drift has hysteresis: it begins at one threshold and ends below a lower one.
/// </summary>
internal sealed class DriftWatch
{
    private readonly FeatureWindow[] _inputs;
    private readonly string _answerField;
    private readonly int _size;
    private readonly int _step;
    private readonly double _begins;
    private readonly double _ends;
    private readonly FeatureWindow? _answers;
    private int _sinceLast;
    private DriftInfo? _info;

    public DriftWatch(ModelProfile profile, string answerField, PredictionOptions options)
    {
        (_size, _begins, _ends, _answerField) = (options.DriftWindow, options.DriftThreshold, options.DriftEnd, answerField);
        _step = Math.Max(1, _size / 10);
        _inputs = [.. profile.Inputs.Select(p => new FeatureWindow(p, _size))];
        _answers = profile.Label is { } label ? new FeatureWindow(label with { Name = answerField }, _size) : null;
    }

    /// <summary>Gets the newest figures; <see langword="null"/> until the window is full.</summary>
    public DriftInfo? Info => Volatile.Read(ref _info);

    /// <summary>Gets or sets what hears that drift has begun or ended; it is quick.</summary>
    public Action<DriftInfo>? Changed { get; set; }

    /// <summary>Takes the inputs of a call and its answers.</summary>
    public void Observe(RecordBatch inputs, RecordBatch answers)
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            Column column = inputs.Column(i);
            for (int row = 0; row < inputs.Count; row++)
                _inputs[i].Add(column, row);
        }

        int index = answers.Schema.IndexOf(_answerField);
        if (index >= 0)
            ObserveAnswers(answers, index);
        _sinceLast += inputs.Count;
        if (_sinceLast < _step || _inputs.Length == 0 || _inputs[0].Count < _size)
            return;
        _sinceLast = 0;
        Measure();
    }

    private void ObserveAnswers(RecordBatch answers, int index)
    {
        if (_answers is null)
            return;
        Column column = answers.Column(index);
        for (int row = 0; row < answers.Count; row++)
            _answers.Add(column, row);
    }

    private void Measure()
    {
        List<DriftFigures> figures = [.. _inputs.Select(i => i.Figures(isAnswer: false))];
        if (_answers?.Count >= _size)
            figures.Add(_answers.Figures(isAnswer: true));
        bool before = _info?.Drifted ?? false;
        double worst = figures.Max(f => f.Psi);
        bool drifted = worst >= _begins || (before && worst >= _ends);
        var info = new DriftInfo(_inputs[0].Count, drifted, figures);
        Volatile.Write(ref _info, info);
        if (drifted != before)
            Changed?.Invoke(info);
    }
}
