namespace Mlops.Testing.Pcb;

/// <summary>
/// Decides when the unlikely label is written. Each record is hit with exactly the probability asked for, but hits are
/// spread evenly over the stream (stratified sampling), so that the accuracy measured on a thousand records lies close to
/// the expected one instead of wandering by a percent.
/// </summary>
internal sealed class PcbMishap(SeededRandom random)
{
    private double _mark = random.Uniform();
    private double _spent;

    /// <summary>Decides for one record.</summary>
    /// <param name="probability">The probability of a hit, 0 to 1.</param>
    public bool Hits(double probability)
    {
        // A stratum holds whole records only, so where it ends does not depend on the mark and each probability stays exact.
        if (_spent + probability > 1)
        {
            _mark = random.Uniform();
            _spent = 0;
        }

        var from = _spent;
        _spent += probability;
        return _mark >= from && _mark < _spent;
    }
}
