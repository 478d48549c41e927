namespace Mlops.Store.Charts;

/// <summary>What is known of the values of one field in one bucket; two of them can be added, in any order. Of values of the same time any may be the first or last.</summary>
internal record struct BucketSummary(long Count, double Min, double Max, double Sum, long FirstTime, double First, long LastTime, double Last)
{
    public void Add(in BucketSummary other)
    {
        if (other.Count == 0)
            return;
        if (Count == 0)
        {
            this = other;
            return;
        }

        Count += other.Count;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        Sum += other.Sum;
        if (other.FirstTime < FirstTime)
            (FirstTime, First) = (other.FirstTime, other.First);
        if (other.LastTime > LastTime)
            (LastTime, Last) = (other.LastTime, other.Last);
    }

    public void Add(long time, double value) => Add(new BucketSummary(1, value, value, value, time, value, time, value));
}
