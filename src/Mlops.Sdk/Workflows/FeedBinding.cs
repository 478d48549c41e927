using Mlops.Data;
using Mlops.Store;
using Mlops.Workflows.Units;

namespace Mlops.Workflows;

/// <summary>Binds the inputs of a workflow to the fields of feeds: by equal names unless somebody says otherwise.</summary>
internal static class FeedBinding
{
    private const int MaxListed = 20;

    /// <summary>Binds; what does not fit is added to <paramref name="problems"/>, all of it at once.</summary>
    /// <returns>The binding; <see langword="null"/> when there are problems.</returns>
    public static BoundInputs? Bind(
        WorkflowManifest manifest, string? feed, IReadOnlyDictionary<string, FeedFieldReference>? named, IFeedStore store, List<string> problems)
    {
        int before = problems.Count;
        string? main = MainFeed(manifest, feed, named);
        if (main is null)
            problems.Add("No feed is named. Give 'feed', or 'inputs' with the feed and field of each input.");
        if (main is null || FindFeed(main, store, problems) is not { } schema)
            return null;
        if (manifest.Inputs is null && named is null)
            return new BoundInputs(schema.Feed, null);

        foreach (string name in named?.Keys.Where(n => manifest.Inputs?.Any(i => i.Name == n) == false) ?? [])
            problems.Add($"The workflow has no input '{name}'.{NearestName.Hint(name, manifest.Inputs!.Select(i => i.Name))} Its inputs: {Some(manifest.Inputs!.Select(i => i.Name))}.");
        var schemas = new Dictionary<string, FeedSchema?>(StringComparer.Ordinal) { [schema.Feed] = schema };
        var inputs = new List<(string Feed, WorkflowInput Input, string Field)>();
        foreach ((string name, WorkflowInput? input) in manifest.Inputs?.Select(i => (i.Name, (WorkflowInput?)i)) ?? named!.Keys.Select(n => (n, (WorkflowInput?)null)))
        {
            FeedFieldReference? reference = named?.GetValueOrDefault(name);
            string id = string.IsNullOrWhiteSpace(reference?.Feed) ? schema.Feed : FeedId.Normalize(reference.Feed);
            if (!schemas.TryGetValue(id, out FeedSchema? source))
                schemas.Add(id, source = FindFeed(id, store, problems));
            if (source is not null && Field(source, name, reference?.Field ?? name, input, problems) is { } bound)
                inputs.Add((source.Feed, bound, reference?.Field ?? name));
        }

        return problems.Count > before ? null : new BoundInputs(schema.Feed, [.. inputs.Where(i => i.Feed == schema.Feed).Select(i => (i.Input, i.Field))])
        {
            Joined = [.. inputs.Where(i => i.Feed != schema.Feed).GroupBy(i => i.Feed).Select(g => (g.Key, (IReadOnlyList<(WorkflowInput, string)>)[.. g.Select(i => (i.Input, i.Field))]))],
        };
    }

    /// <summary>Tells whether values of a field can be given to an input.</summary>
    public static bool Fits(InputType input, FieldType field) => input switch
    {
        InputType.Number => field is FieldType.Float64 or FieldType.Int64 or FieldType.UInt64 or FieldType.Boolean,
        InputType.Integer => field is FieldType.Int64 or FieldType.UInt64,
        InputType.Text or InputType.Image => field is FieldType.Text,
        InputType.Boolean => field is FieldType.Boolean,
        _ => false,
    };

    /// <summary>Returns how much older records of a joined feed may be, in nanoseconds; <see langword="null"/> where nothing is said.</summary>
    /// <param name="tolerance">By feed, under <c>*</c> for all others.</param>
    /// <param name="feed">Id of the feed.</param>
    public static long? ToleranceOf(IReadOnlyDictionary<string, TimeSpan>? tolerance, string feed)
    {
        foreach ((string name, TimeSpan age) in tolerance?.OrderBy(t => t.Key == "*") ?? Enumerable.Empty<KeyValuePair<string, TimeSpan>>())
        {
            if (name == "*" || FeedId.Normalize(name) == feed)
                return checked(age.Ticks * TimeSpan.NanosecondsPerTick);
        }

        return null;
    }

    /// <summary>Returns what is wrong with tolerances; <see langword="null"/> when nothing is.</summary>
    public static string? ProblemOf(IReadOnlyDictionary<string, TimeSpan>? tolerance) => tolerance?.FirstOrDefault(t => t.Value < TimeSpan.Zero || t.Value.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick) is { Key: { } feed, Value: var age }
        ? $"The tolerance for feed '{feed}' is {age}. Give how old its records may be."
        : null;

    // Of several feeds the one that is named apart gives the records, else that of the first input.
    private static string? MainFeed(WorkflowManifest manifest, string? feed, IReadOnlyDictionary<string, FeedFieldReference>? named)
    {
        string? main = !string.IsNullOrWhiteSpace(feed) ? feed
            : (manifest.Inputs?.Select(i => named?.GetValueOrDefault(i.Name)) ?? named?.Values ?? []).FirstOrDefault(r => !string.IsNullOrWhiteSpace(r?.Feed))?.Feed;
        return main is null ? null : FeedId.Normalize(main);
    }

    private static FeedSchema? FindFeed(string feed, IFeedStore store, List<string> problems)
    {
        FeedSchema? schema = store.Find(feed);
        if (schema is null)
        {
            string[] known = [.. store.List().Select(f => f.Schema.Feed)];
            problems.Add($"There is no feed '{feed}'.{NearestName.Hint(feed, known)} Feeds: {Some(known)}.");
        }

        return schema;
    }

    private static WorkflowInput? Field(FeedSchema schema, string name, string field, WorkflowInput? input, List<string> problems)
    {
        int index = schema.IndexOf(field);
        if (index < 0)
        {
            problems.Add(
                $"Input '{name}': feed '{schema.Feed}' has no field '{field}'.{NearestName.Hint(field, schema.Fields.Select(f => f.Name))} "
                + $"Its fields: {Some(schema.Fields.Select(f => f.Name))}. Name the field in 'inputs' where it is called otherwise.");
            return null;
        }

        FeedField found = schema.Fields[index];
        input ??= TypeOf(found.Type) is { } type ? new WorkflowInput(name, type, found.Unit) : null;
        if (input is null || !Fits(input.Type, found.Type))
            problems.Add($"Input '{name}' {(input is null ? "cannot be a time" : $"is {Name(input.Type)}")}, but field '{field}' of feed '{schema.Feed}' is {found.Type}. Bind another field, or change the type in workflow.yaml.");
        else if (UnitTable.Between(found.Unit, input.Unit, out bool possible) is null && possible)
            return input;
        else if (!possible)
            problems.Add($"Input '{name}' is in {input.Unit}, but field '{field}' of feed '{schema.Feed}' is in {found.Unit}. {UnitRemedy(input.Unit!)}");
        else if (input.Type != InputType.Number)
            problems.Add($"Input '{name}' is {Name(input.Type)} in {input.Unit}, but field '{field}' of feed '{schema.Feed}' is in {found.Unit}, and converted values are not whole. Declare it as number in workflow.yaml, or bind a field in {input.Unit}.");
        else
            return input;
        return null;
    }

    /// <summary>Says what helps when a unit cannot be had.</summary>
    public static string UnitRemedy(string wanted) => UnitTable.Like(wanted) is { Count: > 0 } like
        ? $"There is no conversion. Bind a field in one of {string.Join(", ", like)}, or correct the unit."
        : $"There is no conversion: '{wanted}' is no known unit. Bind a field in {wanted}, or correct the unit in workflow.yaml.";

    private static InputType? TypeOf(FieldType field) => field switch
    {
        FieldType.Float64 => InputType.Number,
        FieldType.Int64 or FieldType.UInt64 => InputType.Integer,
        FieldType.Boolean => InputType.Boolean,
        FieldType.Text => InputType.Text,
        _ => null,
    };

    private static string Name(InputType type) => type.ToString().ToLowerInvariant();

    private static string Some(IEnumerable<string> names)
    {
        string[] all = [.. names.Take(MaxListed + 1)];
        return all.Length == 0 ? "none yet" : all.Length <= MaxListed ? string.Join(", ", all) : $"{string.Join(", ", all.Take(MaxListed))}, …";
    }
}
