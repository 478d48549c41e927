namespace Mlops.Databus;

/// <summary>What an app says about its data.</summary>
/// <param name="Hash">Version of the definitions; <see langword="null"/> when an old connector sends none.</param>
/// <param name="ApplicationName">A name for people, if given.</param>
/// <param name="Collections">Its collections, over all connections.</param>
internal sealed record AnnouncedMetadata(long? Hash, string? ApplicationName, IReadOnlyList<AnnouncedCollection> Collections);
