namespace Mlops.Workflows.Windows;

/// <summary>Finds the truth of a window among those of its records.</summary>
internal static class WindowTruth
{
    /// <summary>No truth is known.</summary>
    public const int None = -1;

    /// <summary>Finds it.</summary>
    /// <param name="rule">Which one counts.</param>
    /// <param name="window">The window.</param>
    /// <param name="truthOf">Gives a record's truth by its position, as a number for each different one, or <see cref="None"/>.</param>
    /// <returns>The truth, or <see cref="None"/> when the window has none and is not trained on.</returns>
    public static int Of(WindowLabel rule, CutWindow window, Func<long, int> truthOf)
    {
        if (rule == WindowLabel.Last)
            return truthOf(window.Last.Position);
        var counts = new Dictionary<int, int>();
        int best = None, most = 0;
        for (int i = window.Records.Length - 1; i >= 0; i--)
        {
            int truth = truthOf(window.Records[i]);
            if (truth == None && rule == WindowLabel.Majority)
                continue;
            counts[truth] = counts.GetValueOrDefault(truth) + 1;
        }

        if (rule == WindowLabel.Whole)
            return counts.Count == 1 ? counts.Keys.First() : None;
        for (int i = window.Records.Length - 1; i >= 0; i--)
        {
            int truth = truthOf(window.Records[i]);
            if (truth != None && counts[truth] > most)
                (best, most) = (truth, counts[truth]);
        }

        return best;
    }
}
