using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Workflows;

/// <summary>Writes enums by name in camel case and reads nothing else.</summary>
internal sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
