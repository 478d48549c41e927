using Microsoft.Extensions.Options;
using Mlops.Ingest.PlainJson;
using Mlops.Mqtt;

namespace Mlops.Ingest;

/// <summary>Checks what attributes cannot say, and names every error at once.</summary>
internal sealed class IngestOptionsRules : IValidateOptions<IngestOptions>
{
    private const string Section = "Mlops:Ingest";

    public ValidateOptionsResult Validate(string? name, IngestOptions options)
    {
        var errors = new List<string>();
        if (options.QuietInterval > options.CommitInterval)
            errors.Add($"{Section}:QuietInterval is {options.QuietInterval} and longer than CommitInterval {options.CommitInterval}. Make it shorter.");
        for (int i = 0; i < options.Subscriptions.Count; i++)
            Check(options.Subscriptions[i], $"{Section}:Subscriptions:{i}", errors);
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static void Check(IngestSubscription subscription, string key, List<string> errors)
    {
        if (!MqttTopicFilter.IsValidFilter(subscription.Topic))
            errors.Add($"{key}:Topic is '{subscription.Topic}', which is not a topic filter. Let + fill a whole level and # stand last.");
        if (string.IsNullOrWhiteSpace(subscription.Feed))
        {
            errors.Add($"{key}:Feed is empty. Name the feed that gets the records.");
        }
        else
        {
            try
            {
                FeedTemplate.Parse(subscription.Feed);
            }
            catch (FormatException e)
            {
                errors.Add($"{key}:Feed: {e.Message}");
            }
        }

        foreach (IGrouping<string, KeyValuePair<string, string>> path in subscription.Values.GroupBy(v => v.Value).Where(g => g.Count() > 1))
            errors.Add($"{key}:Values: the path '{path.Key}' stands for several fields ({string.Join(", ", path.Select(v => v.Key))}). Give each path once.");
        if (subscription.Values.FirstOrDefault(v => string.IsNullOrEmpty(v.Value)) is { Key: { } empty })
            errors.Add($"{key}:Values:{empty} is empty. Give the dotted path of the value.");
    }
}
