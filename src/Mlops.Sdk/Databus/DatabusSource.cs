namespace Mlops.Databus;

/// <summary>A collection that fills a feed.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="Hash">Version of the app's definitions.</param>
/// <param name="Collection">What was announced.</param>
/// <param name="Flow">What flows on its topic.</param>
internal sealed record DatabusSource(string Feed, long? Hash, AnnouncedCollection Collection, DatabusFlow Flow);
