using System.ComponentModel.DataAnnotations;

namespace CustomDriver;

/// <summary>Settings of an asset of the kind <c>line-sensor</c>. Its annotations become the form in which people fill them in.</summary>
public sealed class LineSensorSettings
{
    [Required]
    [Display(Name = "Host", Description = "Name or address of the sensor.")]
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    [Display(Name = "Port", Description = "TCP port of the sensor.")]
    public int Port { get; set; } = 4001;

    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Longest retry", Description = "How long at most it waits before it connects again.")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromSeconds(30);
}
