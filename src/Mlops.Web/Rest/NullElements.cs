using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mlops.Client;

namespace Mlops.Web.Rest;

/// <summary>Refuses null in lists and maps of a body: the reader of JSON sees to members alone.</summary>
internal static class NullElements
{
    /// <exception cref="JsonException">There is one.</exception>
    public static void Refuse(object value, Type type, string path = "$")
    {
        JsonTypeInfo info = MlopsJson.Options.GetTypeInfo(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                foreach (JsonPropertyInfo property in info.Properties)
                {
                    if (property.Get?.Invoke(value) is { } member)
                        Refuse(member, property.PropertyType, $"{path}.{property.Name}");
                }

                break;
            case JsonTypeInfoKind.Enumerable:
                int index = 0;
                foreach (object? item in (IEnumerable)value)
                    RefuseElement(item, info.ElementType!, $"{path}[{index++}]");
                break;
            case JsonTypeInfoKind.Dictionary:
                foreach (object entry in (IEnumerable)value)
                {
                    object? element = entry.GetType().GetProperty("Value")!.GetValue(entry);
                    RefuseElement(element, info.ElementType!, $"{path}.{entry.GetType().GetProperty("Key")!.GetValue(entry)}");
                }

                break;
        }
    }

    private static void RefuseElement(object? element, Type type, string path)
    {
        if (element is null)
            throw new JsonException("There is null where a value is expected.", path, null, null);
        if (!type.IsPrimitive && type != typeof(string))
            Refuse(element, type, path);
    }
}
