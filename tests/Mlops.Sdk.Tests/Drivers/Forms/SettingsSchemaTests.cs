using System.Text.Json.Nodes;
using Mlops.Drivers.Settings;

namespace Mlops.Tests.Drivers.Forms;

public sealed class SettingsSchemaTests
{
    private readonly JsonObject _schema = SettingsSchema.Create(typeof(ScriptedDriverFactory.Settings));

    [Fact]
    public void Create_AnnotatedClass_SaysWhatAFormNeeds()
    {
        _schema["required"]!.AsArray().Select(n => (string?)n).ShouldBe(["address"]);
        _schema["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        JsonNode address = Property("address");
        address["title"]!.GetValue<string>().ShouldBe("Address");
        address["description"]!.GetValue<string>().ShouldBe("Where the asset is.");
        JsonNode speed = Property("speed");
        (speed["minimum"]!.GetValue<int>(), speed["maximum"]!.GetValue<int>(), speed["default"]!.GetValue<int>()).ShouldBe((1, 100, 10));
        Property("day")["enum"]!.AsArray().Select(n => (string?)n).ShouldContain("wednesday");
        Property("day")["default"]!.GetValue<string>().ShouldBe("monday");
        Property("interval")["minimum"]!.GetValue<string>().ShouldBe("00:00:01");
        Property("interval")["default"]!.GetValue<string>().ShouldBe("00:00:05");
        Property("points")["items"]!["properties"]!["weight"]!["maximum"]!.GetValue<double>().ShouldBe(1);
        Property("points")["items"]!["required"]!.AsArray().Select(n => (string?)n).ShouldBe(["name"]);
    }

    [Fact]
    public void Create_Secrets_AreMarkedAndHaveNoDefault()
    {
        foreach (JsonNode secret in new[] { Property("password"), Property("points")["items"]!["properties"]!["token"]! })
        {
            secret["format"]!.GetValue<string>().ShouldBe("password");
            secret["writeOnly"]!.GetValue<bool>().ShouldBeTrue();
            secret.AsObject().ContainsKey("default").ShouldBeFalse();
        }
    }

    [Fact]
    public void Create_PropertyWithoutSetter_IsNoSetting() => _schema["properties"]!.AsObject().ContainsKey("shown").ShouldBeFalse();

    private JsonNode Property(string name) => _schema["properties"]![name].ShouldNotBeNull();
}
