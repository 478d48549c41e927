namespace Mlops.Testing.Imu;

/// <summary>Says what a worker did from when to when.</summary>
/// <param name="From">Its beginning since the beginning of the work.</param>
/// <param name="To">Its end.</param>
/// <param name="Activity">What was done.</param>
public readonly record struct ImuInterval(TimeSpan From, TimeSpan To, ImuActivity Activity);
