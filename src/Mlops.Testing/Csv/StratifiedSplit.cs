namespace Mlops.Testing.Csv;

/// <summary>Divides labelled rows into some to train on and some to test with.</summary>
public sealed class StratifiedSplit
{
    private StratifiedSplit(IReadOnlyList<int> training, IReadOnlyList<int> test)
    {
        Training = training;
        Test = test;
    }

    /// <summary>Gets the rows to train on, in the order in which they are to be published.</summary>
    public IReadOnlyList<int> Training { get; }

    /// <summary>Gets the rows to test with, in the order in which they are to be published.</summary>
    public IReadOnlyList<int> Test { get; }

    /// <summary>
    /// Shuffles the rows and gives each class's share of them to training; every class with two rows or more is in both parts, and
    /// the only row of a class is trained on. The same seed gives the same split.
    /// </summary>
    /// <param name="rows">The rows to divide.</param>
    /// <param name="labelOf">Returns the class of a row.</param>
    /// <param name="trainingShare">The share for training, above 0; 1 leaves nothing to test with.</param>
    /// <param name="seed">Decides the shuffle.</param>
    /// <returns>The two parts, each shuffled.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0, or above 1.</exception>
    public static StratifiedSplit Shuffle(IReadOnlyList<int> rows, Func<int, string> labelOf, double trainingShare = 0.7, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckShare(trainingShare);
        int[] shuffled = [.. rows];
        var random = new SeededRandom(seed);
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        // The quota of a class is how many of its rows may still go to training, taken in shuffled order.
        var quota = shuffled.CountBy(labelOf).ToDictionary(group => group.Key, group => Quota(group.Value, trainingShare));
        List<int> training = [], test = [];
        foreach (var row in shuffled)
            (quota[labelOf(row)]-- > 0 ? training : test).Add(row);
        return new StratifiedSplit(training, test);
    }

    /// <summary>Gives the first rows to training and the rest to testing, as time would have it.</summary>
    /// <param name="rows">The rows, oldest first.</param>
    /// <param name="trainingShare">The share for training, above 0; 1 leaves nothing to test with.</param>
    /// <returns>The two parts in the order given.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0, or above 1.</exception>
    public static StratifiedSplit Chronological(IReadOnlyList<int> rows, double trainingShare = 0.7)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckShare(trainingShare);
        var cut = Quota(rows.Count, trainingShare);
        return new StratifiedSplit([.. rows.Take(cut)], [.. rows.Skip(cut)]);
    }

    private static int Quota(int rows, double share) =>
        rows < 2 || share == 1 ? rows : Math.Clamp((int)Math.Round(rows * share, MidpointRounding.AwayFromZero), 1, rows - 1);

    private static void CheckShare(double share)
    {
        if (share is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of rows for training must be above 0 and at most 1, such as 0.7.");
    }
}
