using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Mlops.Drivers.Settings;

/// <summary>Turns a part of the host's configuration into JSON: text, or entries by their keys. Their class says later what is a list or a number.</summary>
internal static class ConfigurationTree
{
    public static JsonObject Read(IConfiguration section)
    {
        var tree = new JsonObject();
        foreach (IConfigurationSection child in section.GetChildren())
            tree[child.Key] = child.GetChildren().Any() ? Read(child) : child.Value;
        return tree;
    }
}
