namespace Mlops.Drivers.MqttDecoder;

/// <summary>How a payload is wrapped.</summary>
public enum PayloadWrapper
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As hexadecimal digits; blanks, <c>-</c> and <c>:</c> between them do not count.</summary>
    Hex,

    /// <summary>As Base64.</summary>
    Base64,
}
