using Mlops.Data;
using Mlops.Training.Profiles;

namespace Mlops.Prediction.Drift;

/// <summary>Keeps in which bins the newest values of one feature fell, and compares that with the profile. One byte a value.</summary>
internal sealed class FeatureWindow
{
    private const double LeastShare = 1e-4;
    private readonly FeatureProfile _profile;
    private readonly FeatureBins _bins;
    private readonly byte[] _ring;
    private readonly int[] _counts;
    private int _next;
    private int _count;

    public FeatureWindow(FeatureProfile profile, int size)
    {
        _profile = profile;
        _bins = new FeatureBins(profile.Edges, profile.Classes);
        _ring = new byte[size];
        _counts = new int[profile.Counts.Count];
    }

    public int Count => _count;

    public void Add(Column column, int row)
    {
        byte bin = (byte)_bins.Of(column, row);
        if (_count == _ring.Length)
            _counts[_ring[_next]]--;
        else
            _count++;
        _ring[_next] = bin;
        _counts[bin]++;
        _next = (_next + 1) % _ring.Length;
    }

    public DriftFigures Figures(bool isAnswer) => new(_profile.Name, isAnswer, Psi(), _profile.Edges is null ? null : Ks());

    // Siddiqi, Credit Risk Scorecards (2006): the sum of (actual - expected) ln(actual / expected) over the bins.
    private double Psi()
    {
        double all = Math.Max(1, _profile.Counts.Sum()), psi = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            double expected = Math.Max(LeastShare, _profile.Counts[i] / all), actual = Math.Max(LeastShare, (double)_counts[i] / Math.Max(1, _count));
            psi += (actual - expected) * Math.Log(actual / expected);
        }

        return psi;
    }

    private double Ks()
    {
        double expectedAll = _profile.Counts.Sum() - _profile.Counts[^1], actualAll = _count - _counts[^1];
        if (expectedAll <= 0 || actualAll <= 0)
            return 0;
        double expected = 0, actual = 0, largest = 0;
        for (int i = 0; i < _counts.Length - 1; i++)
        {
            expected += _profile.Counts[i] / expectedAll;
            actual += _counts[i] / actualAll;
            largest = Math.Max(largest, Math.Abs(expected - actual));
        }

        return largest;
    }
}
