namespace Mlops.Mqtt;

/// <summary>Names whether clients show a certificate of their own.</summary>
public enum MqttClientCertificates
{
    /// <summary>They are not asked for one.</summary>
    None,

    /// <summary>They are asked. A certificate must be good; without one they need a user name like others.</summary>
    Optional,

    /// <summary>Who shows no good one cannot connect.</summary>
    Required,
}
