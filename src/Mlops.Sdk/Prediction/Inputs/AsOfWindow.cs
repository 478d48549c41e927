namespace Mlops.Prediction.Inputs;

/// <summary>The newest records of a joined feed in the order of their own times, each with the values that inputs take from it.</summary>
/// <remarks>Of several records of one time the one that came last counts, as in a selection. Used by one loop alone.</remarks>
internal sealed class AsOfWindow(int width, int capacity)
{
    private long[] _times = new long[64];
    private long[] _positions = new long[64];
    private InputValue?[] _values = new InputValue?[64 * width];
    private int _start;
    private int _count;

    /// <summary>Gets or sets the time from which on it has every record that has come; before it, the store knows more.</summary>
    public long Floor { get; set; } = long.MinValue;

    public int Count => _count;

    /// <summary>Gets the time of the oldest record.</summary>
    public long First => _times[_start];

    public void Clear() => (_start, _count, Floor) = (0, 0, long.MinValue);

    /// <summary>Adds a record.</summary>
    /// <param name="time">Its own time.</param>
    /// <param name="position">Its position.</param>
    /// <returns>Where its values go; <see langword="null"/> when another one counts, or it is older than what is kept.</returns>
    public int? Add(long time, long position)
    {
        if (time < Floor)
            return null;
        int index = Find(time);
        if (index >= 0 && _times[index] == time)
        {
            if (_positions[index] > position)
                return null;
        }
        else
        {
            index = Insert(index < 0 ? 0 : index - _start + 1);
            _times[index] = time;
        }

        _positions[index] = position;
        Values(index).Clear();
        return index;
    }

    /// <summary>Lets go of the oldest records beyond the capacity.</summary>
    public void Trim()
    {
        if (_count <= capacity)
            return;
        _start += _count - capacity;
        _count = capacity;
        Floor = _times[_start];
    }

    /// <summary>Finds the newest record that is not newer than a time.</summary>
    /// <returns>Its index, or -1.</returns>
    public int Find(long time)
    {
        // Almost always it is the last one.
        if (_count > 0 && _times[_start + _count - 1] <= time)
            return _start + _count - 1;
        int found = Array.BinarySearch(_times, _start, _count, time);
        found = found >= 0 ? found : ~found - 1;
        return found < _start ? -1 : found;
    }

    public long Time(int index) => _times[index];

    /// <summary>Returns the record before one, or -1.</summary>
    public int Before(int index) => index > _start ? index - 1 : -1;

    public Span<InputValue?> Values(int index) => _values.AsSpan(index * width, width);

    // Room for one more record behind so many others; returns its index.
    private int Insert(int behind)
    {
        if (_start + _count == _times.Length)
            MakeRoom();
        int index = _start + behind, moved = _count - behind;
        if (moved > 0)
        {
            Array.Copy(_times, index, _times, index + 1, moved);
            Array.Copy(_positions, index, _positions, index + 1, moved);
            Array.Copy(_values, index * width, _values, (index + 1) * width, moved * width);
        }

        _count++;
        return index;
    }

    private void MakeRoom()
    {
        int size = _count * 2 > _times.Length ? _times.Length * 2 : _times.Length;
        long[] times = size == _times.Length ? _times : new long[size];
        long[] positions = size == _times.Length ? _positions : new long[size];
        InputValue?[] values = size == _times.Length ? _values : new InputValue?[size * width];
        Array.Copy(_times, _start, times, 0, _count);
        Array.Copy(_positions, _start, positions, 0, _count);
        Array.Copy(_values, _start * width, values, 0, _count * width);
        (_times, _positions, _values, _start) = (times, positions, values, 0);
    }
}
