using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Ingest;
using Mlops.Messaging;
using Mlops.Store;

namespace Mlops.Databus.Publishing;

/// <summary>
/// Takes labels that operators write to our collections: a bulk message with a value for <c>operator_label</c> and the
/// <c>source</c> object of the answer that it corrects. Acknowledged once the label is durable. What is no label of a
/// record goes to the dead letters, where the host has ingest.
/// </summary>
internal sealed class LabelWriteHandler(DatabusApp app, ILabels labels, ILogger<LabelWriteHandler> logger, IngestPipeline? pipeline = null, MessageTakers? takers = null) : IHostedService
{
    /// <summary>The writable data point of every collection of answers.</summary>
    public const string Field = "operator_label";

    private const string Source = "labels";

    private IDisposable? _subscription;
    private IDisposable? _taker;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _taker = takers?.Add(Source, [], Handle);
        _subscription = app.Bus?.Subscribe(DatabusTopics.AllWrites(app.App), Handle);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        _taker?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Reads the label out of a message.</summary>
    /// <exception cref="FormatException">Something is missing; the message says what.</exception>
    internal static (string Feed, Label Label) Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            using var document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            if (!root.TryGetProperty("source", out JsonElement source) || !source.TryGetProperty("feed", out JsonElement feed))
                throw new FormatException("it has no \"source\" with \"feed\" and \"row\" or \"seq\"; copy the object from the answer.");
            string? value = root.GetProperty("vals").EnumerateArray()
                .Where(v => v.GetProperty("id").GetString() == Field)
                .Select(v => v.GetProperty("val").ToString())
                .FirstOrDefault();
            if (value is null)
                throw new FormatException($"it has no value for '{Field}'.");
            long? row = Number(source, "row");
            long? seq = Number(source, "seq");
            if (row is null && seq is null)
                throw new FormatException("its \"source\" has neither \"row\" nor \"seq\".");
            return (feed.GetString()!, new Label
            {
                Set = Text(root, "set") ?? "label",
                Value = value,
                Position = row,
                Sequence = row is null ? seq : null,
                Author = Text(root, "author"),
                Source = "databus",
            });
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("it is not a bulk message: " + e.Message, e);
        }
    }

    private static long? Number(JsonElement source, string name) =>
        source.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long n) ? n : null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private ValueTask Handle(in BusMessage message)
    {
        try
        {
            (string feed, Label label) = Parse(message.Payload);
            return new ValueTask(StoreAsync(feed, label, HeldMessage.From(message)));
        }
        catch (FormatException e)
        {
            Refuse(message, e.Message);
            return ValueTask.CompletedTask;
        }
    }

    private void Refuse(in BusMessage message, string reason)
    {
        Log.LabelRefused(logger, message.Topic, reason);
        if (pipeline is null)
        {
            message.Acknowledgement.Complete();
            return;
        }

        lock (pipeline.Gate)
        {
            if (!pipeline.IsStopped)
                pipeline.Reject(message, DeadLetterCause.BadLabel, Source, $"The label was refused: {reason}");
        }
    }

    private async Task StoreAsync(string feed, Label label, HeldMessage message)
    {
        try
        {
            await labels.AddAsync(feed, [label]).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArgumentException)
        {
            Refuse(message.AsMessage(), e.Message);
            return;
        }
        catch (IOException e)
        {
            Log.LabelRefused(logger, message.Topic, e.Message);
            return; // Not durable: the sender will send it again.
        }

        message.Acknowledgement.Complete();
    }
}
