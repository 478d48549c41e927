namespace Mlops.Databus;

/// <summary>Tells which apps are on the Common Databus, and how their feeds are doing. Thread-safe.</summary>
public interface IDatabus
{
    /// <summary>Lists the apps that have announced metadata or a status.</summary>
    /// <returns>A snapshot, ordered by name.</returns>
    IReadOnlyList<DatabusAppInfo> Apps();

    /// <summary>Lists the feeds that apps fill.</summary>
    /// <returns>A snapshot, ordered by app and announced in that order.</returns>
    IReadOnlyList<DatabusFeedInfo> Feeds();
}
