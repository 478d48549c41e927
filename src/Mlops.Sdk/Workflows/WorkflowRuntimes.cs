namespace Mlops.Workflows;

/// <summary>Finds the runtime that a manifest asks for.</summary>
internal sealed class WorkflowRuntimes
{
    private readonly SortedDictionary<string, IWorkflowRuntime> _runtimes = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Two runtimes have the same kind.</exception>
    public WorkflowRuntimes(IEnumerable<IWorkflowRuntime> runtimes)
    {
        foreach (IWorkflowRuntime runtime in runtimes)
        {
            if (!_runtimes.TryAdd(runtime.Kind, runtime))
                throw new InvalidOperationException($"The runtime '{runtime.Kind}' is registered twice: {_runtimes[runtime.Kind].GetType()} and {runtime.GetType()}. Register one of them.");
        }
    }

    /// <summary>Returns the runtime.</summary>
    /// <exception cref="WorkflowException">There is none of that kind; the message lists the known ones.</exception>
    public IWorkflowRuntime Get(WorkflowManifest manifest) => _runtimes.TryGetValue(manifest.Runtime, out IWorkflowRuntime? runtime) ? runtime
        : throw new WorkflowException($"Workflow '{manifest.Name}' {manifest.Version}: the runtime '{manifest.Runtime}' is not registered. {Remedy(manifest)}");

    /// <summary>Adds a finding when there is no runtime of the manifest's kind.</summary>
    public void Check(WorkflowManifest manifest, List<Finding> findings)
    {
        if (!_runtimes.ContainsKey(manifest.Runtime))
            findings.Add(new Finding(Manifests.ManifestReader.FileName, null, "runtime", $"The runtime '{manifest.Runtime}' is not registered.", Remedy(manifest)));
    }

    private string Remedy(WorkflowManifest manifest) =>
        $"{NearestName.Hint(manifest.Runtime, _runtimes.Keys)} Known: {(_runtimes.Count == 0 ? "none" : string.Join(", ", _runtimes.Keys))}. Call AddPython() or the verb of the plug-in that brings it.".TrimStart();
}
