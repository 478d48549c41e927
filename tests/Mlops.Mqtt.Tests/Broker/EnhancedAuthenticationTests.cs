using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

public class EnhancedAuthenticationTests
{
    [Fact]
    public async Task Connect_ChallengeAnswered_IsAcceptedAndCanAuthenticateAgain()
    {
        await using var fixture = await BrokerFixture.StartAsync(prepare: broker => broker.AddAuthenticationMethod("turn", _ => new Turning()));
        var client = await fixture.ConnectAsync(configure: options => Ask(options, "turn", "abc"));
        await Eventually.Within(client.ReauthenticateAsync());
        client.State.ShouldBe(MqttClientState.Connected);
    }

    [Theory]
    [InlineData("turn", MqttReasonCode.NotAuthorized)]
    [InlineData("unknown", MqttReasonCode.BadAuthenticationMethod)]
    public async Task Connect_WrongAnswerOrMethod_IsRefused(string method, MqttReasonCode reason)
    {
        await using var fixture = await BrokerFixture.StartAsync(prepare: broker => broker.AddAuthenticationMethod("turn", _ => new Turning()));
        (await Should.ThrowAsync<MqttException>(fixture.ConnectAsync(configure: options => Ask(options, method, "wrong"))))
            .ReasonCode.ShouldBe(reason);
    }

    private static void Ask(MqttClientOptions options, string method, string secret)
    {
        options.AuthenticationMethod = method;
        options.AuthenticationExchange = () => new Answering(secret);
    }

    /// <summary>The broker's side: wants a name, sends a challenge, wants it back turned round and with the secret.</summary>
    private sealed class Turning : IMqttAuthenticationExchange
    {
        private int step;

        public ValueTask<MqttAuthenticationStep> NextAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => new(
            (step++, Encoding.UTF8.GetString(data.Span)) switch
            {
                (0, "me") => new MqttAuthenticationStep(MqttReasonCode.ContinueAuthentication, "challenge"u8.ToArray()),
                (1, "challenge+abc") => new MqttAuthenticationStep(MqttReasonCode.Success, "welcome"u8.ToArray()),
                _ => new MqttAuthenticationStep(MqttReasonCode.NotAuthorized),
            });
    }

    private sealed class Answering(string secret) : IMqttAuthenticationExchange
    {
        public ValueTask<MqttAuthenticationStep> NextAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => new(
            Encoding.UTF8.GetString(data.Span) switch
            {
                "" => new MqttAuthenticationStep(MqttReasonCode.ContinueAuthentication, "me"u8.ToArray()),
                "welcome" => new MqttAuthenticationStep(MqttReasonCode.Success),
                var challenge => new MqttAuthenticationStep(MqttReasonCode.ContinueAuthentication, Encoding.UTF8.GetBytes($"{challenge}+{secret}")),
            });
    }
}
