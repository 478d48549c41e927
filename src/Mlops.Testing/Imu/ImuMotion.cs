namespace Mlops.Testing.Imu;

/// <summary>
/// The movement of both hands during one activity. Signatures follow what sensors on wrists show: hammering has swings of some
/// hundred degrees a second with impacts of many g, screwing turns the forearm about itself, sawing is a long stroke along it, drilling a
/// steady push under vibration. The other hand holds the work and feels it more softly.
/// </summary>
internal sealed class ImuMotion(ImuActivity activity, ImuWorker worker, SeededRandom random)
{
    private readonly double _frequency = worker.Tempo * random.Normal(1, 0.06) * activity switch
    {
        ImuActivity.Hammering => 2.1,
        ImuActivity.Screwing => 1.3,
        ImuActivity.Sawing => 1.7,
        ImuActivity.Drilling => worker.Motor,
        _ => 0.3,
    };

    private readonly double _strength = worker.Strength * random.Normal(1, 0.12);
    private readonly double _pitch = random.Normal(activity switch { ImuActivity.Drilling => 20, ImuActivity.Sawing => 35, ImuActivity.Hammering => 10, ImuActivity.Screwing => -55, _ => -20 }, 6) * Math.PI / 180;
    private double _phase = random.Uniform();
    private double _sway;

    /// <summary>Moves on in time.</summary>
    /// <param name="seconds">By how much.</param>
    public void Advance(double seconds)
    {
        // No two strokes take equally long.
        _phase += seconds * _frequency * random.Normal(1, 0.15);
        _sway += ((-0.5 * _sway) + random.Normal(0, 1)) * seconds;
    }

    /// <summary>Measures what a hand feels now, without the sensor's noise: acceleration in g, turning in degrees a second.</summary>
    public double[] Feel(ImuHand hand)
    {
        double share = hand == ImuHand.Right ? 1 : HelpingShare;
        double wave = Math.Sin(2 * Math.PI * _phase), cosine = Math.Cos(2 * Math.PI * _phase);
        double beat = _phase - Math.Floor(_phase);
        var felt = new double[6];
        double pitch = _pitch + (0.05 * _sway) + (hand == ImuHand.Left ? 0.4 : 0);
        (felt[0], felt[1], felt[2]) = (Math.Sin(pitch), Math.Sin(worker.Tilt) * Math.Cos(pitch), Math.Cos(worker.Tilt) * Math.Cos(pitch));
        switch (activity)
        {
            case ImuActivity.Hammering:
                // A swing up, a fast one down, and an impact that rings off within some hundredths of a second.
                double impact = 7 * _strength * Math.Exp(-beat * 22) * Math.Cos(beat * 90);
                felt[0] += share * ((0.5 * wave * wave) - (0.2 * impact));
                felt[2] += share * ((0.6 * _strength * wave) + impact);
                felt[5] += share * 260 * _strength * (beat < 0.7 ? wave : 1.6 * wave);
                felt[4] += share * 70 * cosine;
                break;
            case ImuActivity.Screwing:
                felt[0] += share * 0.12 * _strength;
                felt[1] += share * 0.25 * wave;
                felt[3] += share * 190 * _strength * (beat < 0.6 ? Math.Sin(Math.PI * beat / 0.6) : -1.4 * Math.Sin(Math.PI * (beat - 0.6) / 0.4));
                felt[4] += share * 25 * cosine;
                break;
            case ImuActivity.Sawing:
                felt[0] += share * 1.1 * _strength * wave;
                felt[1] += share * 0.2 * worker.Blade * random.Normal(0, 1);
                felt[2] += share * (0.15 * cosine + (0.25 * worker.Blade * random.Normal(0, 1)));
                felt[5] += share * 45 * cosine;
                felt[4] += share * 30 * wave;
                break;
            case ImuActivity.Drilling:
                felt[0] += share * ((0.25 * _strength) + (0.35 * random.Normal(0, 1)));
                felt[1] += share * 0.45 * wave;
                felt[2] += share * 0.45 * cosine;
                felt[3] += share * 12 * random.Normal(0, 1);
                break;
            default:
                double reach = Math.Max(0, Math.Sin(2 * Math.PI * _phase * 0.37));
                felt[0] += 0.08 * reach * wave;
                felt[5] += 18 * reach * cosine;
                felt[3] += 10 * reach * wave;
                break;
        }

        return felt;
    }

    private double HelpingShare => activity switch
    {
        ImuActivity.Hammering => 0.18,
        ImuActivity.Screwing => 0.12,
        ImuActivity.Sawing => 0.25,
        ImuActivity.Drilling => 0.7,
        _ => 1,
    };
}
