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
        for (int i = 0; i < options.Bridges.Count; i++)
            CheckBridge($"Bridges:{i}", options.Bridges[i], options, errors);
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
        if (options.Tls is { } tls)
        {
            CheckFile("Tls:AuthorityFile", tls.AuthorityFile, errors);
            CheckFile("Tls:CertificateFile", tls.CertificateFile, errors);
            CheckFile("Tls:KeyFile", tls.KeyFile, errors);
        }

        if (options.Listeners.Count > 0)
            errors.Add("Mlops:Mqtt:Listeners are of the embedded broker, but Mlops:Mqtt:Host names an outside one. Remove one of them.");
        if (options.Limits is not null)
            errors.Add("Mlops:Mqtt:Limits are of the embedded broker, but Mlops:Mqtt:Host names an outside one. Remove one of them.");
    }

    private static void CheckEmbedded(MqttOptions options, List<string> errors)
    {
        if (!IPAddress.TryParse(options.Address, out IPAddress? address))
            errors.Add($"Mlops:Mqtt:Address is '{options.Address}', which is not an address of this machine. Use 127.0.0.1, 0.0.0.0 or the address of a network card.");
        else if (!IPAddress.IsLoopback(address) && !options.HasUsers)
            errors.Add($"Mlops:Mqtt:Address is {address}, but without Mlops:Mqtt:UserName and Password, Users or UsersFile no other machine may connect. Set one of them, or use 127.0.0.1.");
        if (!options.HasUsers && !options.AllowAnonymousFromLoopback && options.Listeners.Count == 0)
            errors.Add("Mlops:Mqtt:AllowAnonymousFromLoopback is false and UserName is empty, so nobody could connect. Set UserName and Password.");
        if (options.Tls is not null || options.WebSocket is not null)
            errors.Add("Mlops:Mqtt:Tls and WebSocket are for an outside broker. Set Mlops:Mqtt:Host, or put them into an entry of Mlops:Mqtt:Listeners.");
        CheckFile("UsersFile", options.UsersFile, errors);
        CheckLimits(options, errors);
        for (int i = 0; i < options.Listeners.Count; i++)
            CheckListener($"Listeners:{i}", options.Listeners[i], options, errors);
        for (int i = 0; i < options.Rules.Count; i++)
        {
            if (options.Rules[i].Topic is not { } topic || !MqttTopicFilter.IsValidFilter(topic))
                errors.Add($"Mlops:Mqtt:Rules:{i}:Topic is '{options.Rules[i].Topic}', which is not a topic filter. Let + fill a whole level and # stand last.");
        }
    }

    /// <summary>Asks the broker itself what it could not work with, and names it as the settings do.</summary>
    private static void CheckLimits(MqttOptions options, List<string> errors)
    {
        var interval = new MqttBrokerOptions { SystemTopicsInterval = options.SystemTopicsInterval };
        errors.AddRange(interval.FindProblems().Select(problem => $"Mlops:Mqtt:{problem}"));
        if (options.Limits is not { } limits)
            return;
        var broker = new MqttBrokerOptions();
        limits.ApplyTo(broker);
        errors.AddRange(broker.FindProblems().Select(problem => $"Mlops:Mqtt:Limits:{problem}"));
    }

    private static void CheckListener(string name, MqttListenerSettings listener, MqttOptions options, List<string> errors)
    {
        if (listener.Port is null)
            errors.Add($"Mlops:Mqtt:{name}:Port is not set. Set one, usually 8883 with TLS and 9001 for WebSocket.");
        if (!IPAddress.TryParse(listener.Address, out IPAddress? address))
            errors.Add($"Mlops:Mqtt:{name}:Address is '{listener.Address}', which is not an address of this machine. Use 127.0.0.1, 0.0.0.0, :: or the address of a network card.");
        else if (!IPAddress.IsLoopback(address) && !options.HasUsers && listener.Anonymous != MqttAnonymousAccess.Everybody && listener.Tls?.CertificateIsUser != true)
            errors.Add($"Mlops:Mqtt:{name}:Address is {address}, but there are no users, so no other machine may connect. Set Mlops:Mqtt:Users or UsersFile, or {name}:Tls:CertificateIsUser, or {name}:Anonymous=Everybody.");
        if (listener.Tls is not { } tls)
            return;
        if (string.IsNullOrEmpty(tls.CertificateFile))
            errors.Add($"Mlops:Mqtt:{name}:Tls:CertificateFile is not set. Set the file with the broker's certificate, PEM or PFX.");
        CheckFile($"{name}:Tls:CertificateFile", tls.CertificateFile, errors);
        CheckFile($"{name}:Tls:KeyFile", tls.KeyFile, errors);
        CheckFile($"{name}:Tls:ClientAuthorityFile", tls.ClientAuthorityFile, errors);
        if (tls.ClientCertificates == MqttClientCertificates.None ? tls.ClientAuthorityFile is not null || tls.CertificateIsUser : tls.ClientAuthorityFile is null)
            errors.Add($"Mlops:Mqtt:{name}:Tls:ClientCertificates is {tls.ClientCertificates}. Set it to Optional or Required together with ClientAuthorityFile, or remove what depends on it.");
    }

    private static void CheckBridge(string name, MqttBridgeSettings bridge, MqttOptions options, List<string> errors)
    {
        if (bridge.Name.Length == 0 || !bridge.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            errors.Add($"Mlops:Mqtt:{name}:Name is '{bridge.Name}'. Use letters, digits, '.', '_' and '-'; it names a file.");
        if (options.Bridges.Count(other => other.Name.Equals(bridge.Name, StringComparison.OrdinalIgnoreCase)) > 1)
            errors.Add($"Mlops:Mqtt:{name}:Name is '{bridge.Name}', as another bridge's is. Give each a name of its own.");
        if (Uri.CheckHostName(bridge.Host) == UriHostNameType.Unknown)
            errors.Add($"Mlops:Mqtt:{name}:Host is '{bridge.Host}', which is neither a name nor an address. Set that of the other broker, without 'mqtt://' and without port.");
        if (bridge.Port is < 1 or > 65535)
            errors.Add($"Mlops:Mqtt:{name}:Port is {bridge.Port}. Set the port of the other broker, usually 1883.");
        if (bridge.Protocol is not (MqttProtocolVersion.V5 or MqttProtocolVersion.V311))
            errors.Add($"Mlops:Mqtt:{name}:Protocol is '{bridge.Protocol}'. Use V5 or V311.");
        if (bridge.UserName.Length == 0 && bridge.Password.Length > 0)
            errors.Add($"Mlops:Mqtt:{name}:Password is set but UserName is not. Set both or none.");
        if (bridge.MaxMessages < 1 || bridge.MaxBytes < 1)
            errors.Add($"Mlops:Mqtt:{name}:MaxMessages is {bridge.MaxMessages} and MaxBytes {bridge.MaxBytes}. Set both to more than zero.");
        if (bridge.Topics.Count == 0)
            errors.Add($"Mlops:Mqtt:{name}:Topics is empty, so nothing would pass. Set Mlops:Mqtt:{name}:Topics:0:Filter.");
        for (int i = 0; i < bridge.Topics.Count; i++)
            errors.AddRange(bridge.Topics[i].FindProblems($"Mlops:Mqtt:{name}:Topics:{i}"));
        if (bridge.Tls is { } tls)
        {
            CheckFile($"{name}:Tls:AuthorityFile", tls.AuthorityFile, errors);
            CheckFile($"{name}:Tls:CertificateFile", tls.CertificateFile, errors);
            CheckFile($"{name}:Tls:KeyFile", tls.KeyFile, errors);
        }
    }

    private static void CheckFile(string name, string? file, List<string> errors)
    {
        if (!string.IsNullOrEmpty(file) && !File.Exists(file))
            errors.Add($"Mlops:Mqtt:{name} is '{file}', which does not exist. Correct the path; it may be relative to the working folder.");
    }
}
