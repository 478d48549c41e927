using System.Net.Sockets;
using System.Security.Authentication;
using Mlops.Mqtt.Transport.Tls;
using Mlops.Mqtt.Transport.WebSockets;

namespace Mlops.Mqtt.Transport;

/// <summary>Opens what a client's options ask for: TCP, with TLS and a WebSocket on top.</summary>
internal static class ClientTransport
{
    /// <exception cref="SocketException">The broker cannot be reached.</exception>
    /// <exception cref="MqttException">It was reached, but TLS or the WebSocket could not be opened.</exception>
    public static async Task<TcpTransport> OpenAsync(MqttClientOptions options, string clientId, CancellationToken cancel)
    {
        var transport = await TcpTransport.ConnectAsync(options.Host, options.Port, cancel).ConfigureAwait(false);
        try
        {
            if (options.Tls is { } tls)
                await ClientTls.OpenAsync(transport, tls, options.Host, cancel).ConfigureAwait(false);
            if (options.WebSocket is { } webSocket)
            {
                await Upgrade.RequestAsync(transport.Stream, options.Authority, webSocket, cancel).ConfigureAwait(false);
                transport.Add(BinaryFrameStream.Over(transport.Stream, isServer: false));
            }

            return transport;
        }
        catch (Exception error) when (error is AuthenticationException or UpgradeException or IOException)
        {
            transport.Dispose();
            throw new MqttException(
                MqttReasonCode.ServerUnavailable, $"Client '{clientId}' could not connect to {options.EndPoint}: {error.Message}.", error);
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }
}
