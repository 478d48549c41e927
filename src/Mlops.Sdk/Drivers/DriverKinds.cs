namespace Mlops.Drivers;

/// <summary>Finds driver factories by kind.</summary>
internal sealed class DriverKinds
{
    private readonly Dictionary<string, IHighLevelDriverFactory> _factories = new(StringComparer.OrdinalIgnoreCase);

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

    /// <exception cref="DriverConfigurationException">No such kind is registered; the message lists those that are.</exception>
    public IHighLevelDriverFactory Find(string asset, string kind)
    {
        if (_factories.TryGetValue(kind, out IHighLevelDriverFactory? factory))
            return factory;
        string known = _factories.Count == 0 ? "none" : string.Join(", ", Names);
        throw new DriverConfigurationException(
            $"Asset '{asset}': driver kind '{kind}' is not registered. Known: {known}. Register its driver with the builder (for example AddOpcUa()), or correct Mlops:Assets:{asset}:kind.");
    }
}
