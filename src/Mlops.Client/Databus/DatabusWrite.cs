using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>Values to be written to an app on the Common Databus.</summary>
/// <param name="Values">The values by data point: text, a number, true or false, or a list of these.</param>
/// <param name="AnswerWithin">How long to wait for the app's answer; none is asked for where nothing is said.</param>
public sealed record DatabusWrite(JsonObject Values, TimeSpan? AnswerWithin = null);
