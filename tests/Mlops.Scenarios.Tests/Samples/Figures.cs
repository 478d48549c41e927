namespace Mlops.Scenarios.Tests.Samples;

/// <summary>Figures of quality, computed here and not by the product.</summary>
internal static class Figures
{
    public static double Accuracy(IReadOnlyList<(string Truth, string Answer)> answers) => answers.Count(a => a.Truth == a.Answer) / (double)answers.Count;

    public static double MacroF1(IReadOnlyList<(string Truth, string Answer)> answers) =>
        answers.Select(a => a.Truth).Union(answers.Select(a => a.Answer)).Average(name =>
            2.0 * answers.Count(a => a.Truth == name && a.Answer == name) / (answers.Count(a => a.Truth == name) + answers.Count(a => a.Answer == name)));

    /// <summary>Returns the chance that a true one is scored above a false one.</summary>
    public static double Auc(IReadOnlyList<(bool Truth, double Score)> scores)
    {
        double wins = 0;
        double[] falses = [.. scores.Where(s => !s.Truth).Select(s => s.Score).Order()];
        foreach ((_, double score) in scores.Where(s => s.Truth))
        {
            int below = Array.BinarySearch(falses, score), equal = 0;
            if (below < 0)
                below = ~below;
            while (below > 0 && falses[below - 1].Equals(score))
                below--;
            while (below + equal < falses.Length && falses[below + equal].Equals(score))
                equal++;
            wins += below + (equal / 2.0);
        }

        return wins / falses.Length / scores.Count(s => s.Truth);
    }
}
