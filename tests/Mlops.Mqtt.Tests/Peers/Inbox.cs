using System.Collections.Concurrent;
using System.Text;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>A handler that keeps what it receives.</summary>
internal sealed class Inbox
{
    private readonly ConcurrentQueue<Message> messages = new();

    public Message[] Messages => [.. messages];

    public int Count => messages.Count;

    public string[] Texts => [.. messages.Select(message => message.Text)];

    public ValueTask Take(in MqttIncoming message)
    {
        Keep(message);
        return ValueTask.CompletedTask;
    }

    public void Keep(in MqttIncoming message) =>
        messages.Enqueue(new Message(
            message.Topic,
            Encoding.UTF8.GetString(message.Payload),
            message.QualityOfService,
            message.Retain,
            message.Duplicate,
            message.Acknowledgement));

    internal sealed record Message(
        string Topic,
        string Text,
        MqttQualityOfService QualityOfService,
        bool Retain,
        bool Duplicate,
        MqttAcknowledgement Acknowledgement);
}
