using Mlops.Data;

namespace Mlops.Prediction.Inputs;

/// <summary>Finds the values that other feeds give to the records of a deployment's feed. Used by one loop alone.</summary>
internal sealed class InputJoin(IReadOnlyList<AsOfFeed> feeds) : IAsyncDisposable
{
    private readonly Dictionary<int, int> _places = feeds.SelectMany(f => f.Source.Inputs).Select((input, place) => (input.Input, place)).ToDictionary(p => p.Input, p => p.place);
    private readonly List<long> _positions = [];
    private InputValue?[] _values = [];
    private int _last;

    /// <summary>Gets how far each feed has been taken: what an answer may rest on.</summary>
    public IReadOnlyList<(string Feed, long Position)> Through => [.. feeds.Where(f => f.Through > 0).Select(f => (f.Source.Feed, f.Through))];

    /// <summary>Tells whether a feed other than the deployment's gives an input.</summary>
    public bool Gives(int input) => _places.ContainsKey(input);

    /// <summary>Tells whether the values for a record are at hand.</summary>
    public bool Has(long position) => Row(position) >= 0;

    /// <summary>Finds the values for records.</summary>
    /// <param name="batches">Batches of the deployment's feed, in order and behind those before.</param>
    /// <param name="newestOnly">Whether only the last record counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask PrepareAsync(IReadOnlyList<RecordBatch> batches, bool newestOnly, CancellationToken cancellationToken)
    {
        _positions.Clear();
        int width = _places.Count, rows = newestOnly ? 1 : batches.Sum(b => b.Count);
        if (_values.Length < rows * width)
            _values = new InputValue?[Math.Max(rows * width, _values.Length * 2)];
        for (int b = newestOnly ? batches.Count - 1 : 0; b < batches.Count; b++)
        {
            for (int row = newestOnly ? batches[b].Count - 1 : 0; row < batches[b].Count; row++)
            {
                int place = _positions.Count * width;
                foreach (AsOfFeed feed in feeds)
                {
                    int count = feed.Source.Inputs.Count;
                    await feed.ReadAsync(batches[b].Positions[row], batches[b].Timestamps[row], _values.AsMemory(place, count), cancellationToken).ConfigureAwait(false);
                    place += count;
                }

                _positions.Add(batches[b].Positions[row]);
            }
        }
    }

    /// <summary>Returns the value of an input for a record that was prepared; <see langword="null"/> when there is none.</summary>
    public InputValue? Value(long position, int input) => Row(position) is >= 0 and int row ? _values[(row * _places.Count) + _places[input]] : null;

    public async ValueTask DisposeAsync()
    {
        foreach (AsOfFeed feed in feeds)
            await feed.DisposeAsync().ConfigureAwait(false);
    }

    // Mostly the same record as before, or the next one.
    private int Row(long position)
    {
        for (int row = _last; row < Math.Min(_last + 2, _positions.Count); row++)
        {
            if (_positions[row] == position)
                return _last = row;
        }

        int found = _positions.BinarySearch(position);
        return found < 0 ? -1 : _last = found;
    }
}
