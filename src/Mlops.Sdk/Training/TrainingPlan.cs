using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>A request with everything it names found.</summary>
/// <param name="Package">The workflow.</param>
/// <param name="Runtime">What executes it.</param>
/// <param name="Selection">What it learns from.</param>
/// <param name="Parameters">Its parameters, defaults filled in.</param>
internal sealed record TrainingPlan(WorkflowPackage Package, IWorkflowRuntime Runtime, SelectionRequest Selection, IReadOnlyDictionary<string, object?> Parameters);
