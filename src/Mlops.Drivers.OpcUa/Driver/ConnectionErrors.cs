using System.Net.Sockets;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Says what is wrong with a connection in words that help.</summary>
internal static class ConnectionErrors
{
    public static bool IsExpected(Exception error) => error is UaException or SocketException or TimeoutException or IOException or ObjectDisposedException;

    /// <summary>Says what was tried, what went wrong, and what helps.</summary>
    public static string Explain(string asset, OpcUaSettings settings, CertificateStore store, Exception error)
    {
        (string what, string remedy) = error switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => ("nothing listens there", "Check that the server runs, and host and port of 'endpoint'."),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => ("the host name is not known", "Check the host of 'endpoint' and this node's name server."),
            SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable } => ("the host cannot be reached", "Check the network between this node and the server."),
            SocketException socket => (socket.Message.TrimEnd('.'), "Check host and port of 'endpoint'."),
            UaException ua => (Trim(ua.Message), Remedy(ua.Status, store)),
            _ => (Trim(error.Message), ""),
        };
        return $"Asset '{asset}' could not connect to {settings.Endpoint}: {what}.{(remedy.Length == 0 ? "" : " " + remedy)}";
    }

    private static string Remedy(StatusCode status, CertificateStore store) => status.Condition switch
    {
        StatusCodes.BadIdentityTokenRejected or StatusCodes.BadUserAccessDenied => "Check name and password in 'user', and the user's rights on the server.",
        StatusCodes.BadIdentityTokenInvalid => "Check 'user': the server does not take this kind of user, or not with this security.",
        StatusCodes.BadSecurityChecksFailed or StatusCodes.BadCertificateUntrusted when File.Exists(store.OwnFile) =>
            $"If the server does not know this node yet, let it trust the certificate {store.OwnFile}.",
        StatusCodes.BadSecurityModeRejected or StatusCodes.BadSecurityPolicyRejected => "Choose another 'security', or allow this one on the server.",
        StatusCodes.BadTcpEndpointUrlInvalid => "The server does not know this address; use the one that it shows as its endpoint.",
        StatusCodes.BadTooManySessions => "The server allows no more sessions; close others or raise its limit.",
        _ => "",
    };

    private static string Trim(string message) => message.TrimEnd('.');
}
