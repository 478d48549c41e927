namespace Mlops.Drivers.OpcUa.Services;

/// <summary>What a user shows; the numbers are those on the wire.</summary>
internal enum UserTokenType
{
    Anonymous = 0,
    UserName = 1,
    Certificate = 2,
    IssuedToken = 3,
}
