using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Selection;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>Checks a request and finds what it names. Done when a training is asked for, and again when its turn has come.</summary>
internal sealed class TrainingPlanner(IWorkflowCatalog catalog, WorkflowRuntimes runtimes, IFeedStore store)
{
    /// <summary>Plans.</summary>
    /// <exception cref="WorkflowException">The request cannot work; the message says all that is wrong with it.</exception>
    public TrainingPlan Plan(TrainingRequest request)
    {
        WorkflowPackage package = Package(request);
        IWorkflowRuntime runtime = runtimes.Get(package.Manifest);
        var problems = new List<string>();
        BoundInputs? inputs = FeedBinding.Bind(package.Manifest, request.Feed, request.Inputs, store, problems);
        IReadOnlyDictionary<string, object?> parameters = ParameterBinding.Bind(package.Manifest, request.Params, problems);
        string? label = string.IsNullOrWhiteSpace(request.Labels) ? package.Manifest.Label : request.Labels;
        if (label is not null && inputs?.Inputs?.FirstOrDefault(i => i.Field == label) is ({ } input, _))
            problems.Add($"The label '{label}' is also bound to the input '{input.Name}', so the model would see the truth. Bind another field, or name other labels.");
        if (request.From >= request.To)
            problems.Add($"The time range from {request.From:O} to {request.To:O} is empty. Give a 'from' that is earlier than 'to'.");
        if (request.Limit <= 0)
            problems.Add($"The limit is {request.Limit}. Give 1 or more, or leave it out.");
        if (request.MinimumQuality > 3)
            problems.Add($"The minimum quality is {request.MinimumQuality}. Give 0 (all) to 3 (good).");
        SplitRule? split = SplitOf(request, package.Manifest, inputs);
        if (inputs is not null && store.Find(inputs.Feed) is { } schema && RowSplitter.ProblemOf(split, schema) is { } problem)
            problems.Add(problem);
        if (FeedBinding.ProblemOf(request.Tolerance) is { } age)
            problems.Add(age);

        if (problems.Count > 0 || inputs is null)
            throw new WorkflowException($"Workflow '{package.Manifest.Name}' {package.Manifest.Version} cannot be trained like this: {string.Join('\n', problems)}");

        return new TrainingPlan(
            package,
            runtime,
            new SelectionRequest
            {
                Feed = inputs.Feed,
                Inputs = inputs.Inputs,
                From = request.From is { } from ? EpochTime.FromDateTimeOffset(from) : null,
                To = request.To is { } to ? EpochTime.FromDateTimeOffset(to) : null,
                Filter = string.IsNullOrWhiteSpace(request.Filter) ? null : request.Filter,
                Joins = [.. inputs.Joined.Select(j => new JoinedFeed(j.Feed, j.Inputs, FeedBinding.ToleranceOf(request.Tolerance, j.Feed)))],
                MinimumQuality = request.MinimumQuality,
                Limit = request.Limit,
                Label = label,
                LabelSources = request.LabelSources,
                LabelAuthors = request.LabelAuthors ?? [],
                Balance = request.Balance,
                Split = split,
            },
            parameters);
    }

    // What the request says counts, also that nothing is held out. The package's rule names its groups by an input, which may be bound to a field of another name.
    private static SplitRule? SplitOf(TrainingRequest request, WorkflowManifest manifest, BoundInputs? inputs) => (request.Split, manifest.Split) switch
    {
        ({ HeldOut: 0 }, _) => null,
        ({ } asked, _) => asked,
        (null, { } split) => split with { Field = inputs?.Inputs?.Where(i => i.Input.Name == split.Field).Select(i => i.Field).FirstOrDefault() ?? split.Field },
        _ => null,
    };

    private WorkflowPackage Package(TrainingRequest request)
    {
        if (catalog.Find(request.Workflow, request.Version) is { } package)
            return package;
        IReadOnlyList<WorkflowPackage> all = catalog.List();
        string[] versions = [.. all.Where(p => p.Manifest.Name == request.Workflow).Select(p => p.Manifest.Version)];
        string[] names = [.. all.Select(p => p.Manifest.Name).Distinct()];
        throw new WorkflowException(versions.Length > 0
            ? $"Workflow '{request.Workflow}' has no version '{request.Version}'. Its versions: {string.Join(", ", versions)}."
            : $"There is no workflow '{request.Workflow}'.{NearestName.Hint(request.Workflow, names)} Workflows: {(names.Length == 0 ? "none yet; upload a package first" : string.Join(", ", names))}.");
    }
}
