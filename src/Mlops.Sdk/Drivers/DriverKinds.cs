using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Mlops.Drivers.Settings;
using Mlops.Workflows;

namespace Mlops.Drivers;

/// <summary>Finds driver factories by kind. Thread-safe.</summary>
internal sealed class DriverKinds
{
    private readonly Dictionary<string, IHighLevelDriverFactory> _factories = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Two factories have the same kind.</exception>
    public DriverKinds(IEnumerable<IHighLevelDriverFactory> factories)
    {
        foreach (IHighLevelDriverFactory factory in factories)
        {
            if (!_factories.TryAdd(factory.Kind, factory))
                throw new InvalidOperationException($"The driver kind '{factory.Kind}' is registered twice, by {_factories[factory.Kind].GetType()} and {factory.GetType()}. Register one of them.");
        }
    }

    public IReadOnlyList<string> Names => [.. _factories.Keys.Order(StringComparer.Ordinal)];

    public IReadOnlyList<DriverDescription> Describe() => [.. Names.Select(kind =>
        new DriverDescription(kind, (JsonObject)_schemas.GetOrAdd(kind, k => SettingsSchema.Create(_factories[k].SettingsType)).DeepClone()))];

    public IHighLevelDriverFactory? Find(string kind) => _factories.GetValueOrDefault(kind);

    /// <exception cref="DriverConfigurationException">No such kind is registered; the message lists those that are.</exception>
    public IHighLevelDriverFactory Get(string asset, string kind)
    {
        if (Find(kind) is { } factory)
            return factory;
        string known = _factories.Count == 0 ? "none" : string.Join(", ", Names);
        string message = $"Asset '{asset}': driver kind '{kind}' is not registered.{NearestName.Hint(kind, Names)} Known: {known}. "
            + "Register its driver with the builder (for example AddOpcUa()), or correct the asset's kind.";
        throw new DriverConfigurationException(message) { Findings = [new SettingFinding("kind", message)] };
    }
}
