using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Mlops.Mqtt.Client;

/// <summary>A subscription as a stream: a bounded channel between the read loop and whoever enumerates.</summary>
/// <remarks>A message is acknowledged when the next one is asked for, so one that was not worked on comes again with the session.</remarks>
internal sealed class MessageStream(int capacity, bool manual)
{
    private readonly Channel<MqttMessage> channel = Channel.CreateBounded<MqttMessage>(new BoundedChannelOptions(capacity) { SingleReader = true });

    public ValueTask Take(in MqttIncoming message)
    {
        var copy = message.ToMessage();
        // A full channel stops reading from the connection.
        return channel.Writer.TryWrite(copy) ? ValueTask.CompletedTask : WriteAsync(copy);
    }

    public async IAsyncEnumerable<MqttMessage> ReadAsync(
        Func<MqttMessageHandler, Task<MqttSubscription>> subscribe, [EnumeratorCancellation] CancellationToken cancel)
    {
        var subscription = await subscribe(Take).ConfigureAwait(false);
        try
        {
            await foreach (var message in channel.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                yield return message;
                if (!manual)
                    message.Acknowledgement.Complete();
            }
        }
        finally
        {
            channel.Writer.TryComplete();
            await subscription.DisposeAsync().ConfigureAwait(false);
            // Nobody will work on what is left. Held back, it would hold back all that comes for other subscriptions too.
            while (channel.Reader.TryRead(out var left))
                left.Acknowledgement.Complete();
        }
    }

    private async ValueTask WriteAsync(MqttMessage copy)
    {
        try
        {
            await channel.Writer.WriteAsync(copy).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            copy.Acknowledgement.Complete();
        }
    }
}
