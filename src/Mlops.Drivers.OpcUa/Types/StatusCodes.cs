namespace Mlops.Drivers.OpcUa.Types;

/// <summary>The conditions that the client tells apart.</summary>
internal static class StatusCodes
{
    public const uint Good = 0;
    public const uint BadUnexpectedError = 0x8001_0000;
    public const uint BadCommunicationError = 0x8005_0000;
    public const uint BadDecodingError = 0x8007_0000;
    public const uint BadEncodingLimitsExceeded = 0x8008_0000;
    public const uint BadUnknownResponse = 0x8009_0000;
    public const uint BadTimeout = 0x800A_0000;
    public const uint BadServiceUnsupported = 0x800B_0000;
    public const uint BadTooManyOperations = 0x8010_0000;
    public const uint BadCertificateInvalid = 0x8012_0000;
    public const uint BadSecurityChecksFailed = 0x8013_0000;
    public const uint BadCertificateTimeInvalid = 0x8014_0000;
    public const uint BadCertificateHostNameInvalid = 0x8016_0000;
    public const uint BadCertificateUriInvalid = 0x8017_0000;
    public const uint BadCertificateUseNotAllowed = 0x8018_0000;
    public const uint BadCertificateUntrusted = 0x801A_0000;
    public const uint BadUserAccessDenied = 0x801F_0000;
    public const uint BadIdentityTokenInvalid = 0x8020_0000;
    public const uint BadIdentityTokenRejected = 0x8021_0000;
    public const uint BadSecureChannelIdInvalid = 0x8022_0000;
    public const uint BadNonceInvalid = 0x8024_0000;
    public const uint BadSessionIdInvalid = 0x8025_0000;
    public const uint BadSessionClosed = 0x8026_0000;
    public const uint BadSessionNotActivated = 0x8027_0000;
    public const uint BadSubscriptionIdInvalid = 0x8028_0000;
    public const uint BadNodeIdInvalid = 0x8033_0000;
    public const uint BadNodeIdUnknown = 0x8034_0000;
    public const uint BadNoMatch = 0x806F_0000;
    public const uint BadNotReadable = 0x803A_0000;
    public const uint BadNotWritable = 0x803B_0000;
    public const uint BadSecurityModeRejected = 0x8054_0000;
    public const uint BadSecurityPolicyRejected = 0x8055_0000;
    public const uint BadTooManySessions = 0x8056_0000;
    public const uint BadApplicationSignatureInvalid = 0x8058_0000;
    public const uint BadTypeMismatch = 0x8074_0000;
    public const uint BadTooManyPublishRequests = 0x8078_0000;
    public const uint BadNoSubscription = 0x8079_0000;
    public const uint BadMessageNotAvailable = 0x807B_0000;
    public const uint BadTcpMessageTypeInvalid = 0x807E_0000;
    public const uint BadTcpMessageTooLarge = 0x8080_0000;
    public const uint BadTcpEndpointUrlInvalid = 0x8083_0000;
    public const uint BadSecureChannelClosed = 0x8086_0000;
    public const uint BadSecureChannelTokenUnknown = 0x8087_0000;
    public const uint BadSequenceNumberInvalid = 0x8088_0000;
    public const uint BadConnectionClosed = 0x80AE_0000;
    public const uint BadRequestTooLarge = 0x80B8_0000;
    public const uint BadResponseTooLarge = 0x80B9_0000;
}
