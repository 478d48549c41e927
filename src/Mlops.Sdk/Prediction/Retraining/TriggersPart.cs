using Mlops.Hosting;
using Mlops.Workflows;

namespace Mlops.Prediction.Retraining;

/// <summary>The triggers in the node's configuration file: <c>{name: {deployment, schedule, …}}</c>.</summary>
internal sealed class TriggersPart(IRetraining retraining, TriggerCheck check) : KeyedConfigurationPart<ConfiguredTrigger>("triggers", "name", TriggersJson.Default.ConfiguredTrigger)
{
    protected override string NoGroup => "triggers: this is not a group of triggers by name. Write 'triggers: {nightly: {deployment: d-1, schedule: {cron: 0 3 * * *}}}'.";

    protected override IReadOnlyList<ConfiguredTrigger> List() => [.. Named().Select(t => ConfiguredTrigger.Of(t.Key, t.Value))];

    protected override string Key(ConfiguredTrigger entry) => entry.Name;

    protected override ConfiguredTrigger Blank(string key) => new() { Name = key };

    protected override IEnumerable<string> Check(ConfiguredTrigger entry)
    {
        try
        {
            check.Check(entry.ToRequest());
            return [];
        }
        catch (WorkflowException e)
        {
            return [e.Message];
        }
    }

    protected override Task<bool> RemoveAsync(string key, CancellationToken cancellationToken) => retraining.DeleteAsync(Named()[key].Id);

    protected override async Task PutAsync(ConfiguredTrigger entry, bool isKnown, CancellationToken cancellationToken)
    {
        TriggerInfo? known = isKnown ? Named()[entry.Name] : null;
        TriggerRequest request = entry.ToRequest();
        TriggerInfo trigger = known is null
            ? await retraining.AddAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false)
            : await retraining.ChangeAsync(known.Id, request with { Name = known.Request.Name }, cancellationToken: cancellationToken).ConfigureAwait(false);
        await retraining.EnableAsync(trigger.Id, entry.Enabled).ConfigureAwait(false);
    }

    // Nothing keeps people from giving a name twice.
    private Dictionary<string, TriggerInfo> Named() => retraining.List()
        .GroupBy(t => t.Request.Name, StringComparer.Ordinal)
        .SelectMany(same => same.Select((t, i) => (Name: i == 0 ? same.Key : $"{same.Key} ({t.Id})", Trigger: t)))
        .ToDictionary(t => t.Name, t => t.Trigger, StringComparer.Ordinal);
}
