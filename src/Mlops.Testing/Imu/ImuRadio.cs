namespace Mlops.Testing.Imu;

/// <summary>
/// Sends the measurements of both hands in packets, each hand by itself: packets are delayed, overtake each other and get lost. Seeded as
/// the work is; not thread-safe.
/// </summary>
public sealed class ImuRadio
{
    private readonly ImuWork _work;
    private readonly ImuWorkOptions _options;
    private readonly ImuRadioOptions _radio;
    private readonly SeededRandom _random;
    private readonly PriorityQueue<ImuPacket, (double Time, long Number)> _flying = new();
    private readonly List<ImuInterval> _ended = [];
    private ImuInterval? _open;
    private long _packets;
    private long _numbers;

    /// <summary>Begins the work.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="radio">How measurements travel.</param>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public ImuRadio(ImuWorkOptions work, ImuRadioOptions radio)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(radio);
        radio.Validate();
        (_options, _radio, _work, _random) = (work, radio, new ImuWork(work), new SeededRandom(~work.Seed));
    }

    /// <summary>Takes the next packet that arrives.</summary>
    /// <returns>The packet.</returns>
    public ImuPacket Next()
    {
        // A packet that is still to be made leaves when its last measurement is there, and none arrives before it leaves.
        while (!_flying.TryPeek(out _, out (double Time, long Number) next) || next.Time > Made)
            Make();
        return _flying.Dequeue();
    }

    /// <summary>Takes the activities that have ended since the last call, all of whose measurements were made.</summary>
    /// <param name="all">Whether the one under way counts as well.</param>
    /// <returns>The intervals in order; transitions lie between them.</returns>
    public IReadOnlyList<ImuInterval> TakeIntervals(bool all = false)
    {
        if (all && _open is { } open)
            _ended.Add(open);
        if (all)
            _open = null;
        ImuInterval[] taken = [.. _ended];
        _ended.Clear();
        return taken;
    }

    private double Made => _packets * _radio.PacketSize / _options.Rate;

    private void Make()
    {
        var right = new ImuSample[_radio.PacketSize];
        var left = new ImuSample[_radio.PacketSize];
        for (int i = 0; i < right.Length; i++)
        {
            (right[i], left[i], ImuActivity? activity) = _work.Next();
            Follow(right[i].Time, activity);
        }

        _packets++;
        Send(ImuHand.Right, right);
        Send(ImuHand.Left, left);
    }

    private void Send(ImuHand hand, ImuSample[] samples)
    {
        bool isLost = _random.Uniform() < _radio.LostPart, isLate = _random.Uniform() < _radio.LatePart;
        double delay = _random.Uniform() * (isLate ? _radio.Latest : _radio.Jitter).TotalSeconds;
        if (!isLost)
            _flying.Enqueue(new ImuPacket(hand, _packets, samples), (Made + delay, _numbers++));
    }

    private void Follow(TimeSpan time, ImuActivity? activity)
    {
        TimeSpan end = time + TimeSpan.FromSeconds(1 / _options.Rate);
        if (_open is { } open && open.Activity == activity)
        {
            _open = open with { To = end };
            return;
        }

        if (_open is { } ended)
            _ended.Add(ended);
        _open = activity is { } begun ? new ImuInterval(time, end, begun) : null;
    }
}
