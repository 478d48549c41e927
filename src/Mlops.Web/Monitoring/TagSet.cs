namespace Mlops.Web.Monitoring;

/// <summary>The tags of a measurement, in the order in which it has them.</summary>
internal readonly record struct TagSet(KeyValuePair<string, object?>[] Tags);
