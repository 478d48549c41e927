namespace Mlops.Client;

/// <summary>How well one class is told.</summary>
/// <param name="Name">The class.</param>
/// <param name="Expected">How often it was expected.</param>
/// <param name="Answered">How often it was answered.</param>
/// <param name="F1">Its F1.</param>
/// <param name="Precision">Its precision.</param>
/// <param name="Recall">Its recall.</param>
public sealed record ClassDetails(string Name, long Expected, long Answered, double F1, double? Precision = null, double? Recall = null);
