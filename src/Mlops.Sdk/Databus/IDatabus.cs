namespace Mlops.Databus;

/// <summary>Tells which apps are on the Common Databus. Thread-safe.</summary>
public interface IDatabus
{
    /// <summary>Lists the apps that have announced metadata or a status.</summary>
    /// <returns>A snapshot, ordered by name.</returns>
    IReadOnlyList<DatabusAppInfo> Apps();
}
