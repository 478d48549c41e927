namespace Mlops.Mqtt;

/// <summary>Reports that an MQTT operation failed, with the reason code that says why.</summary>
public class MqttException : Exception
{
    /// <summary>Creates the exception with reason <see cref="MqttReasonCode.UnspecifiedError"/>.</summary>
    public MqttException()
        : this(MqttReasonCode.UnspecifiedError, "The MQTT operation failed.")
    {
    }

    /// <summary>Creates the exception with reason <see cref="MqttReasonCode.UnspecifiedError"/>.</summary>
    /// <param name="message">What was being done, to what, and the remedy.</param>
    public MqttException(string message)
        : this(MqttReasonCode.UnspecifiedError, message)
    {
    }

    /// <summary>Creates the exception with reason <see cref="MqttReasonCode.UnspecifiedError"/>.</summary>
    /// <param name="message">What was being done, to what, and the remedy.</param>
    /// <param name="innerException">The cause.</param>
    public MqttException(string message, Exception? innerException)
        : this(MqttReasonCode.UnspecifiedError, message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="reasonCode">The reason, as MQTT 5 numbers it; answers of a 3.1.1 peer are translated.</param>
    /// <param name="message">What was being done, to what, and the remedy.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public MqttException(MqttReasonCode reasonCode, string message, Exception? innerException = null)
        : base(message, innerException) => ReasonCode = reasonCode;

    /// <summary>Gets the reason, as MQTT 5 numbers it.</summary>
    public MqttReasonCode ReasonCode { get; }

    /// <summary>Gets what the peer says about the reason, for people; null when it says nothing.</summary>
    public string? ReasonString { get; init; }

    /// <summary>Gets the server that the broker names instead of itself, with <see cref="MqttReasonCode.UseAnotherServer"/> and <see cref="MqttReasonCode.ServerMoved"/>.</summary>
    public string? ServerReference { get; init; }
}
