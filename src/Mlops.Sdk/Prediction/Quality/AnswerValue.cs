using System.Globalization;
using Mlops.Data;

namespace Mlops.Prediction.Quality;

/// <summary>An answer, or what was expected, reduced to what can be compared: a class or a number; neither when there is none.</summary>
internal readonly record struct AnswerValue(string? Class, double? Number)
{
    // As engineers compare: a model asked twice, or trained again, need not agree in the last bit.
    private const double RelativeTolerance = 1e-3;
    private const double AbsoluteTolerance = 1e-6;

    public bool IsNone => Class is null && Number is null;

    /// <summary>Reads one value of a column.</summary>
    public static AnswerValue Read(Column column, int row) => column.GetValue(row) switch
    {
        null => default,
        string text => new AnswerValue(text, null),
        bool flag => new AnswerValue(flag ? "true" : "false", null),
        DateTimeOffset => new AnswerValue(null, column.Values<long>()[row]),
        IConvertible number => new AnswerValue(null, number.ToDouble(CultureInfo.InvariantCulture)),
        _ => default,
    };

    /// <summary>Reads a label, which is text, as the kind of value that answers are.</summary>
    public AnswerValue Truth(string label) => Number is null
        ? new AnswerValue(label, null)
        : new AnswerValue(null, double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null);

    /// <summary>Returns a label as the kind of value that answers are.</summary>
    public AnswerValue TruthOf(AnswerValue label) => label.Number is null && label.Class is { } text ? Truth(text) : label;

    /// <summary>Tells whether an answer is what was expected.</summary>
    public bool Matches(AnswerValue expected) => Number is { } number && expected.Number is { } wanted
        ? number.Equals(wanted) || Math.Abs(number - wanted) <= Math.Max(AbsoluteTolerance, RelativeTolerance * Math.Abs(wanted))
        : Class is not null && Class == expected.Class;
}
