namespace Mlops.Testing.Imu;

/// <summary>Several measurements of one hand that travel together.</summary>
/// <param name="Hand">The hand.</param>
/// <param name="Number">Its number from 1; a lost one leaves a gap.</param>
/// <param name="Samples">The measurements.</param>
public sealed record ImuPacket(ImuHand Hand, long Number, IReadOnlyList<ImuSample> Samples);
