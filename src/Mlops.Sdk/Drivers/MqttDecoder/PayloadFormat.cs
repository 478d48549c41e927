namespace Mlops.Drivers.MqttDecoder;

/// <summary>What a payload is.</summary>
public enum PayloadFormat
{
    /// <summary>Bytes at offsets.</summary>
    Binary,

    /// <summary>Text with values between delimiters.</summary>
    Delimited,

    /// <summary>Text that a regular expression takes apart.</summary>
    Regex,
}
