namespace Mlops.Testing.Pcb;

/// <summary>
/// Knows the machine's limits and how the inspector decides. Both see only the published measurements, so the
/// probability of each label given the measurements is known exactly, and with it the best reachable accuracy.
/// </summary>
internal static class PcbInspection
{
    /// <summary>The share of alarms that the inspector judges wrongly.</summary>
    private const double AlarmMistake = 0.13;

    /// <summary>The share of unalarmed good pads that get reported as bad all the same.</summary>
    private const double ReportMistake = 0.015;

    public static PcbVerdict Judge(double volume, double height, double area, double offsetX, double offsetY, double shape) =>
        Math.Abs(offsetX) > 3.8 || Math.Abs(offsetY) > 4.5 ? PcbVerdict.Offset
        : area > 118 ? PcbVerdict.Bridge
        : volume > 125 || height > 143 ? PcbVerdict.Excess
        : volume < 62 || height < 98 || area < 76 ? PcbVerdict.Insufficient
        : shape > 42 ? PcbVerdict.Shape
        : PcbVerdict.Good;

    /// <summary>Returns the probability that an alarmed deposit is truly bad: uneven ones are, and the more so the more their volume is off.</summary>
    public static double BadGivenAlarm(double volume, double shape)
    {
        var score = (0.45 * (shape - 47)) + (0.04 * (Math.Abs(volume - 92) - 20));
        return 1 / (1 + Math.Exp(-score));
    }

    public static PcbProbabilities LabelProbabilities(PcbVerdict verdict, double bad)
    {
        if (verdict == PcbVerdict.Good)
            return new(1 - ReportMistake, ReportMistake, 0);
        var error = (bad * (1 - AlarmMistake)) + ((1 - bad) * AlarmMistake);
        return new(0, error, 1 - error);
    }

    /// <summary>Returns the probability that the deposit is truly bad, given what the inspector wrote (Bayes' rule).</summary>
    public static double BadGivenLabel(PcbVerdict verdict, double bad, PcbLabel label)
    {
        if (verdict == PcbVerdict.Good)
            return 0;
        var likelihoodBad = label == PcbLabel.Error ? 1 - AlarmMistake : AlarmMistake;
        var joint = bad * likelihoodBad;
        return joint / (joint + ((1 - bad) * (1 - likelihoodBad)));
    }
}
