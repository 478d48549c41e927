namespace Mlops.Testing.Imu;

/// <summary>
/// Generates an endless stream of what sensors on both hands of a worker measure: activities in random order, transitions between them,
/// a person and tools of their own for each seed. The same seed gives the same stream, bit by bit. Not thread-safe.
/// </summary>
public sealed class ImuWork
{
    private const double AccelerationNoise = 0.03;
    private const double TurningNoise = 2;
    private readonly ImuWorkOptions _options;
    private readonly SeededRandom _random;
    private readonly ImuWorker _worker;
    private ImuMotion _before;
    private ImuMotion _motion;
    private ImuActivity _activity;
    private double _from;
    private double _until;
    private long _samples;

    /// <summary>Starts the stream.</summary>
    /// <param name="options">Seed, rate and durations.</param>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public ImuWork(ImuWorkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _random = new SeededRandom(options.Seed);
        _worker = new ImuWorker(_random);
        _before = _motion = new ImuMotion(_activity, _worker, _random);
        _until = Duration();
    }

    /// <summary>Makes the next measurement of both sensors.</summary>
    /// <returns>Both hands at one instant, and the activity; <see langword="null"/> in a transition.</returns>
    public (ImuSample Right, ImuSample Left, ImuActivity? Activity) Next()
    {
        double time = _samples++ / _options.Rate, transition = _options.Transition.TotalSeconds;
        if (time >= _until)
            Begin(time);
        _motion.Advance(1 / _options.Rate);
        double done = transition == 0 ? 1 : Math.Clamp((time - _from) / transition, 0, 1);
        if (done < 1)
            _before.Advance(1 / _options.Rate);
        bool isFirst = ReferenceEquals(_before, _motion);
        ImuSample right = Measure(ImuHand.Right, time, isFirst ? 1 : done), left = Measure(ImuHand.Left, time, isFirst ? 1 : done);
        return (right, left, isFirst || done >= 1 ? _activity : null);
    }

    private void Begin(double time)
    {
        // Any other activity, each as likely.
        _activity = (ImuActivity)(((int)_activity + 1 + _random.Below(ImuText.Labels.Count - 1)) % ImuText.Labels.Count);
        _before = _motion;
        _motion = new ImuMotion(_activity, _worker, _random);
        (_from, _until) = (time, time + _options.Transition.TotalSeconds + Duration());
    }

    private double Duration() => _options.Shortest.TotalSeconds + (_random.Uniform() * (_options.Longest - _options.Shortest).TotalSeconds);

    private ImuSample Measure(ImuHand hand, double time, double done)
    {
        double[] now = _motion.Feel(hand);
        if (done < 1)
        {
            double[] before = _before.Feel(hand);
            for (int i = 0; i < now.Length; i++)
                now[i] = (before[i] * (1 - done)) + (now[i] * done);
        }

        for (int i = 0; i < now.Length; i++)
            now[i] = i < 3 ? Round(Math.Clamp(now[i] + _random.Normal(0, AccelerationNoise), -16, 16), 4) : Round(Math.Clamp(now[i] + _random.Normal(0, TurningNoise), -2000, 2000), 2);
        return new ImuSample(TimeSpan.FromSeconds(time), now[0], now[1], now[2], now[3], now[4], now[5]);
    }

    private static double Round(double value, int digits) => Math.Round(value, digits);
}
