namespace Mlops.Mqtt.Sessions;

/// <summary>Keeps messages beyond the process.</summary>
internal interface IMessageStore
{
    /// <summary>Forgets a message that nobody holds any more.</summary>
    void Forget(long id);
}
