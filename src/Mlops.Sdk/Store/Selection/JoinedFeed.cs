using Mlops.Workflows;

namespace Mlops.Store.Selection;

/// <summary>A feed that is joined to another on time: to each record the newest record of this feed that is not newer.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="Inputs">The inputs with the field behind each.</param>
/// <param name="Tolerance">How much older it may be, in nanoseconds; <see langword="null"/> for any age.</param>
/// <param name="Required">Whether records without one are left out; otherwise the inputs are null there.</param>
internal sealed record JoinedFeed(string Feed, IReadOnlyList<(WorkflowInput Input, string Field)> Inputs, long? Tolerance = null, bool Required = false);
