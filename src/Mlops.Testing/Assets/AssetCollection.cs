namespace Mlops.Testing.Assets;

/// <summary>Is a collection of data points that an asset publishes together.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Points">Its data points.</param>
/// <param name="PublishType">How: <c>bulk</c>, a record a message, or <c>timeseries</c>, several.</param>
internal sealed record AssetCollection(string Name, IReadOnlyList<DataPoint> Points, string PublishType = "bulk");
