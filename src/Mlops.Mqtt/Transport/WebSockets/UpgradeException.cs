namespace Mlops.Mqtt.Transport.WebSockets;

/// <summary>Reports that a connection could not become a WebSocket, with the HTTP answer that says so.</summary>
internal sealed class UpgradeException(int status, string phrase, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Phrase { get; } = phrase;
}
