namespace Mlops.Drivers.OpcUa.Security;

/// <summary>What is done to messages; the numbers are those on the wire.</summary>
internal enum MessageSecurityMode
{
    Invalid = 0,
    None = 1,
    Sign = 2,
    SignAndEncrypt = 3,
}
