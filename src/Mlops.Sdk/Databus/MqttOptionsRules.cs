using System.Net;
using Microsoft.Extensions.Options;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>Checks what attributes cannot say, and names every error at once.</summary>
internal sealed class MqttOptionsRules : IValidateOptions<MqttOptions>
{
    public ValidateOptionsResult Validate(string? name, MqttOptions options)
    {
        var errors = new List<string>();
        if (options.UserName.Length == 0 && options.Password.Length > 0)
            errors.Add("Mlops:Mqtt:Password is set but UserName is not. Set both or none.");
        if (options.Host.Length > 0)
            CheckOutside(options, errors);
        else
            CheckEmbedded(options, errors);
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static void CheckOutside(MqttOptions options, List<string> errors)
    {
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
            errors.Add($"Mlops:Mqtt:Host is '{options.Host}', which is neither a name nor an address. Give it without 'mqtt://' and without port.");
        if (options.Port == 0)
            errors.Add("Mlops:Mqtt:Port is 0, which only the embedded broker can use. Set the port of the outside broker, usually 1883.");
        if (options.Protocol is not (MqttProtocolVersion.V5 or MqttProtocolVersion.V311))
            errors.Add($"Mlops:Mqtt:Protocol is '{options.Protocol}'. Use V5 or V311.");
    }

    private static void CheckEmbedded(MqttOptions options, List<string> errors)
    {
        if (!IPAddress.TryParse(options.Address, out IPAddress? address))
            errors.Add($"Mlops:Mqtt:Address is '{options.Address}', which is not an address of this machine. Use 127.0.0.1, 0.0.0.0 or the address of a network card.");
        else if (!IPAddress.IsLoopback(address) && options.UserName.Length == 0)
            errors.Add($"Mlops:Mqtt:Address is {address}, but without Mlops:Mqtt:UserName and Password no other machine may connect. Set both, or use 127.0.0.1.");
        if (options.UserName.Length == 0 && !options.AllowAnonymousFromLoopback)
            errors.Add("Mlops:Mqtt:AllowAnonymousFromLoopback is false and UserName is empty, so nobody could connect. Set UserName and Password.");
    }
}
