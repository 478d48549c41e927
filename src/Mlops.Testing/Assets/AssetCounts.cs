namespace Mlops.Testing.Assets;

/// <summary>Tells how far an asset has come.</summary>
/// <param name="Records">Records handed to the MQTT client.</param>
/// <param name="RecordsAcknowledged">Records whose PUBACK has come.</param>
/// <param name="Labels">Labels handed to the MQTT client.</param>
/// <param name="LabelsAcknowledged">Labels whose PUBACK has come.</param>
public readonly record struct AssetCounts(long Records, long RecordsAcknowledged, long Labels, long LabelsAcknowledged);
