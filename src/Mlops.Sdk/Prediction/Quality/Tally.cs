using System.Text.Json;

namespace Mlops.Prediction.Quality;

/// <summary>Counts how answers compare with what was expected, in bounded memory. Not thread-safe.</summary>
internal sealed class Tally
{
    /// <summary>What classes beyond the first hundred are counted as.</summary>
    public const string Others = "…";

    private const int MaxClasses = 100;
    private readonly Dictionary<(string Expected, string Answered), long> _confusion = [];
    private readonly HashSet<string> _classes = new(StringComparer.Ordinal);
    private long _count;
    private long _matches;
    private long _numbers;
    private double _absolute;
    private double _squared;

    public long Count => _count;

    public double? Accuracy => _count == 0 ? null : (double)_matches / _count;

    /// <summary>Counts one comparison; a pair of which one is missing, or of different kinds, counts as a miss.</summary>
    public void Add(AnswerValue expected, AnswerValue answered) => Count1(expected, answered, 1);

    /// <summary>Takes back what was counted before.</summary>
    public void Remove(AnswerValue expected, AnswerValue answered) => Count1(expected, answered, -1);

    public AnswerFigures Figures()
    {
        ClassFigures[] classes = [.. _classes.Order(StringComparer.Ordinal).Select(Figures).Where(c => c.Expected + c.Answered > 0)];
        return new AnswerFigures
        {
            Count = _count,
            Accuracy = Accuracy,
            MacroF1 = classes.Length == 0 ? null : classes.Average(c => c.F1),
            MeanAbsoluteError = _numbers == 0 ? null : _absolute / _numbers,
            RootMeanSquareError = _numbers == 0 ? null : Math.Sqrt(Math.Max(0, _squared) / _numbers),
            Classes = classes,
            Confusion = [.. _confusion.Where(c => c.Value > 0).Select(c => new ConfusionCell(c.Key.Expected, c.Key.Answered, c.Value))
                .OrderBy(c => c.Expected, StringComparer.Ordinal).ThenBy(c => c.Answered, StringComparer.Ordinal)],
        };
    }

    public string ToJson() => JsonSerializer.Serialize(
        new TallyState(_count, _matches, _numbers, _absolute, _squared, [.. _confusion.Select(c => new ConfusionCell(c.Key.Expected, c.Key.Answered, c.Value))]),
        PredictionJson.Default.TallyState);

    public static Tally FromJson(string json)
    {
        TallyState state = JsonSerializer.Deserialize(json, PredictionJson.Default.TallyState)!;
        var tally = new Tally { _count = state.Count, _matches = state.Matches, _numbers = state.Numbers, _absolute = state.Absolute, _squared = state.Squared };
        foreach (ConfusionCell cell in state.Confusion)
        {
            tally._confusion.Add((cell.Expected, cell.Answered), cell.Count);
            tally._classes.Add(cell.Expected);
            tally._classes.Add(cell.Answered);
        }

        return tally;
    }

    private void Count1(AnswerValue expected, AnswerValue answered, int sign)
    {
        _count += sign;
        if (answered.Matches(expected))
            _matches += sign;
        if (expected.Number is { } wanted && answered.Number is { } number)
        {
            double error = Math.Abs(number - wanted);
            if (double.IsFinite(error))
            {
                _numbers += sign;
                _absolute += sign * error;
                _squared += sign * error * error;
            }
        }
        else if (expected.Number is null)
        {
            (string, string) cell = (Name(expected.Class), Name(answered.Class));
            _confusion[cell] = _confusion.GetValueOrDefault(cell) + sign;
        }
    }

    private string Name(string? name)
    {
        name ??= "";
        if (_classes.Contains(name))
            return name;
        name = _classes.Count < MaxClasses ? name : Others;
        _classes.Add(name);
        return name;
    }

    private ClassFigures Figures(string name)
    {
        long hits = _confusion.GetValueOrDefault((name, name));
        long expected = _confusion.Where(c => c.Key.Expected == name).Sum(c => c.Value);
        long answered = _confusion.Where(c => c.Key.Answered == name).Sum(c => c.Value);
        return new ClassFigures(
            name, expected, answered, answered == 0 ? null : (double)hits / answered, expected == 0 ? null : (double)hits / expected,
            expected + answered == 0 ? 0 : 2.0 * hits / (expected + answered));
    }
}
