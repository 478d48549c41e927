using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Mqtt.Broker.Access;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker.Access;

public sealed class UsersTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("users-").FullName;

    [Fact]
    public void Hash_SamePassword_GivesAnotherHashThatFitsOnlyIt()
    {
        string hash = MqttPassword.Hash("blue-42");
        hash.ShouldStartWith("$7$");
        hash.ShouldNotBe(MqttPassword.Hash("blue-42"));
        var parsed = PasswordHash.Parse(hash)!;
        parsed.Verify("blue-42"u8).ShouldBeTrue();
        parsed.Verify("blue-43"u8).ShouldBeFalse();
        parsed.ToString().ShouldBe(hash);
    }

    [Theory]
    [InlineData("$7$")]
    [InlineData("$7$101$AAAA")]
    [InlineData("$7$0$AAAA$AAAA")]
    [InlineData("$7$-5$AAAA$AAAA")]
    [InlineData("$7$99999999999$AAAA$AAAA")]
    [InlineData("$7$101$????$AAAA")]
    [InlineData("$7$101$$AAAA")]
    [InlineData("$6$101$AAAA$AAAA")]
    public void Parse_WhatIsNoHash_GivesNothing(string text) => PasswordHash.Parse(text).ShouldBeNull();

    [Fact]
    public async Task Connect_UsersOfAFileThatMosquittoMade_AreAdmittedAndFollowTheFile()
    {
        string file = Path.Combine(folder, "users");
        (await Child.RunAsync("/usr/bin/mosquitto_passwd", "-c", "-b", file, "press", "blue-42")).ExitCode.ShouldBe(0);
        File.AppendAllText(file, $"anna:{MqttPassword.Hash("green-7")}\n");
        await using var fixture = await StartAsync(options => options.UsersFile = file);
        await fixture.ConnectAsync(configure: As("press", "blue-42"));
        await fixture.ConnectAsync(configure: As("anna", "green-7"));
        await RefusedAsync(fixture, As("press", "green-7"), MqttReasonCode.BadUserNameOrPassword);

        (await Child.RunAsync("/usr/bin/mosquitto_passwd", "-b", file, "press", "red-1")).ExitCode.ShouldBe(0);
        await Eventually.True(() => ConnectsAsync(fixture, As("press", "red-1")).Result);
        // A proof of the old password counts no more.
        await RefusedAsync(fixture, As("press", "blue-42"), MqttReasonCode.BadUserNameOrPassword);
        File.WriteAllText(file, "# people\n\nnonsense\n");
        await Eventually.True(() => ConnectsAsync(fixture, As("press", "red-1")).Result && fixture.Log.Warnings.Any(line => line.Contains("Line 3 of the file")));
        fixture.Log.Warnings.ShouldAllBe(line => !line.Contains("nonsense"));
    }

    [Theory]
    [InlineData(MqttReasonCode.Success)]
    [InlineData(MqttReasonCode.BadUserNameOrPassword)]
    public async Task Connect_WhenItIsDecided_ThePasswordIsWiped(MqttReasonCode decision)
    {
        MqttAuthenticationContext? shown = null;
        ReadOnlyMemory<byte> password = default;
        string seen = "";
        await using var fixture = await BrokerFixture.StartAsync(prepare: broker => broker.Authenticate = context =>
        {
            (shown, password, seen) = (context, context.Password, Encoding.UTF8.GetString(context.Password.Span));
            return new(decision);
        });
        var error = await Record.ExceptionAsync(() => fixture.ConnectAsync(configure: As("press", "blue-42")));
        (error is null).ShouldBe(decision == MqttReasonCode.Success);
        seen.ShouldBe("blue-42");
        shown!.Password.IsEmpty.ShouldBeTrue();
        password.ToArray().ShouldBe(new byte["blue-42".Length]);
    }

    [Fact]
    public async Task Verify_SamePasswordAgain_IsNotHashedAgain()
    {
        var options = new MqttBrokerOptions { Users = { ["press"] = MqttPassword.Hash("blue-42") } };
        var users = new UserTable(options, NullLogger.Instance, TimeProvider.System);
        for (int i = 0; i < 3; i++)
            (await users.VerifyAsync("press", "blue-42"u8.ToArray())).ShouldBeTrue();
        users.Hashes.ShouldBe(1);
        (await users.VerifyAsync("press", "blue-43"u8.ToArray())).ShouldBeFalse();
        users.Hashes.ShouldBe(2);
        options.Users["press"] = MqttPassword.Hash("red-1");
        (await users.VerifyAsync("press", "blue-42"u8.ToArray())).ShouldBeFalse();
        // A name that does not exist costs the same.
        (await users.VerifyAsync("nobody", "blue-42"u8.ToArray())).ShouldBeFalse();
        users.Hashes.ShouldBe(4);
    }

    [Theory]
    [InlineData("duplicate", "a:{0}\na:{0}\n", "names user 'a' a second time")]
    [InlineData("plain", "a:secret-word\n", "Line 1")]
    [InlineData("nameless", "b:{0}\n:{0}\n", "Line 2")]
    public void Create_FileThatCannotBeUsed_NamesTheLineAndNoSecret(string name, string content, string expected)
    {
        string file = Path.Combine(folder, name);
        File.WriteAllText(file, content.Replace("{0}", MqttPassword.Hash("x"), StringComparison.Ordinal));
        var error = Should.Throw<IOException>(() => new MqttBroker(new MqttBrokerOptions { UsersFile = file }));
        error.Message.ShouldContain(expected);
        error.Message.ShouldContain(file);
        error.Message.ShouldNotContain("secret-word");
    }

    [Fact]
    public void Create_BrokenHashAmongTheUsers_NamesTheUserAndNotTheHash()
    {
        var options = new MqttBrokerOptions { Users = { ["press"] = "$7$broken" } };
        var error = Should.Throw<ArgumentException>(() => new MqttBroker(options));
        error.Message.ShouldContain("Users['press']");
        error.Message.ShouldNotContain("broken");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Task<BrokerFixture> StartAsync(Action<MqttBrokerOptions> configure) => BrokerFixture.StartAsync(configure);

    private static Action<MqttClientOptions> As(string user, string password) => options => (options.UserName, options.Password) = (user, password);

    private static async Task RefusedAsync(BrokerFixture fixture, Action<MqttClientOptions> configure, MqttReasonCode reason) =>
        (await Should.ThrowAsync<MqttException>(fixture.ConnectAsync(configure: configure))).ReasonCode.ShouldBe(reason);

    private static async Task<bool> ConnectsAsync(BrokerFixture fixture, Action<MqttClientOptions> configure)
    {
        try
        {
            await fixture.ConnectAsync(configure: configure);
            return true;
        }
        catch (MqttException)
        {
            return false;
        }
    }
}
