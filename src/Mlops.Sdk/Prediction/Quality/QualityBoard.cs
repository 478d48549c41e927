using System.Collections.Concurrent;

namespace Mlops.Prediction.Quality;

/// <summary>The figures of all deployments as they are now. Thread-safe.</summary>
internal sealed class QualityBoard
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ModelQuality>> _figures = new(StringComparer.Ordinal);

    public IReadOnlyList<ModelQuality> Of(string deployment) => _figures.GetValueOrDefault(deployment, []);

    public IEnumerable<(string Deployment, ModelQuality Quality)> All => _figures.SelectMany(f => f.Value.Select(q => (f.Key, q)));

    public void Set(string deployment, IReadOnlyList<ModelQuality> figures) => _figures[deployment] = figures;

    public void Remove(string deployment) => _figures.TryRemove(deployment, out _);
}
