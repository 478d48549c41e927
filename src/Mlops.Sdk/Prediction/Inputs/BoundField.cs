using Mlops.Data;

namespace Mlops.Prediction.Inputs;

/// <summary>The field behind an input.</summary>
/// <param name="Feed">The feed that has it.</param>
/// <param name="Field">Its name.</param>
internal readonly record struct BoundField(FeedSchema Feed, string Field);
