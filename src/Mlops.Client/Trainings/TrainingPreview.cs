namespace Mlops.Client;

/// <summary>What a training would learn from.</summary>
/// <param name="Feed">The feed whose records are selected.</param>
/// <param name="Records">How many records, without those that are held out.</param>
/// <param name="HeldOut">How many are held out.</param>
/// <param name="Truncated">Whether only the newest records were looked at, because there are many.</param>
/// <param name="First">Time of the earliest.</param>
/// <param name="Last">Time of the latest.</param>
/// <param name="Inputs">The inputs, in the model's order.</param>
/// <param name="Rows">The newest of them, newest first.</param>
/// <param name="Label">The label set or field that holds the truth.</param>
/// <param name="Classes">How many records each class has, the most frequent first; <see langword="null"/> where the label is no class.</param>
public sealed record TrainingPreview(
    string Feed,
    long Records,
    long HeldOut,
    bool Truncated,
    DateTimeOffset First,
    DateTimeOffset Last,
    IReadOnlyList<FieldDetails> Inputs,
    IReadOnlyList<PreviewRow> Rows,
    string? Label = null,
    IReadOnlyList<ClassCount>? Classes = null);
