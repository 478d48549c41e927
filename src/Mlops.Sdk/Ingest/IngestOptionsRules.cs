using Microsoft.Extensions.Options;
using Mlops.Ingest.Assembly;
using Mlops.Ingest.Mapping;

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
        for (int i = 0; i < options.Assembly.Count; i++)
            errors.AddRange(AssemblyRules.Check(options.Assembly[i].ToAssembly()).Select(e => $"{Section}:Assembly:{i}:{e}"));
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static void Check(IngestSubscription subscription, string key, List<string> errors)
    {
        errors.AddRange(MappingRules.Check(subscription.ToMapping()).Select(e => $"{key}:{e}"));
        foreach (string unknown in subscription.Types.Keys.Concat(subscription.Units.Keys).Where(f => !subscription.Values.ContainsKey(f)).Distinct())
            errors.Add($"{key}: a type or unit is given for '{unknown}', which is not among its Values. Add its path there.");
    }
}
