namespace Mlops.Client;

/// <summary>What was selected for a training.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Records">How many records.</param>
/// <param name="FirstPosition">Position of the first record.</param>
/// <param name="LastPosition">Position of the last record.</param>
/// <param name="Hash">Hash over records and labels.</param>
/// <param name="HeldOut">How many of them were held out.</param>
/// <param name="Filter">The filter.</param>
/// <param name="Labels">The label set or column.</param>
public sealed record DataDetails(
    string Feed,
    long Records,
    long FirstPosition,
    long LastPosition,
    string Hash,
    long HeldOut = 0,
    string? Filter = null,
    string? Labels = null);
