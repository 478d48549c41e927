using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Demo;

/// <summary>The demo's command line.</summary>
internal static class CommandLine
{
    public static DemoOptions? Parse(string[] args, out int exitCode)
    {
        var once = new Option<bool>("--once") { Description = "Stop after one run instead of going on until Ctrl-C." };
        var csv = new Option<FileInfo?>("--csv") { Description = "Replay this CSV file as an asset instead of the virtual solder paste inspection.", HelpName = "FILE" };
        var label = new Option<string?>("--label") { Description = "The column of the CSV file to be predicted.", HelpName = "COLUMN" };
        var time = new Option<string?>("--time") { Description = "The column of the CSV file that holds the time of each row.", HelpName = "COLUMN" };
        var split = new Option<string>("--split") { Description = "How rows are divided into 70 % for training and the rest: shuffle (seeded, stratified) or time.", DefaultValueFactory = _ => "shuffle" };
        split.AcceptOnlyFromAmong("shuffle", "time");
        var data = new Option<DirectoryInfo?>("--data") { Description = "Keep everything in this folder, and resume from it. Default: a fresh folder each time.", HelpName = "DIR" };
        var broker = new Option<string?>("--broker") { Description = "Use this MQTT broker. Default: an embedded one on a free port.", HelpName = "HOST:PORT" };
        var port = new Option<int>("--port") { Description = "The port of REST on 127.0.0.1. Default: a free one, which is shown.", HelpName = "PORT" };
        var seed = new Option<long>("--seed") { Description = "Decides everything random.", DefaultValueFactory = _ => 1 };
        var verbose = new Option<bool>("--verbose") { Description = "Show logs and stack traces." };
        var root = new Option<DirectoryInfo?>("--root") { Description = "The repository.", Hidden = true };
        var command = new RootCommand("Runs the main job end to end: an asset's data arrives over MQTT, is stored, a workflow trains on it, and every new record is answered over MQTT.")
        {
            once, csv, label, time, split, data, broker, port, seed, verbose, root,
        };
        DemoOptions? options = null;
        command.Validators.Add(result =>
        {
            if (result.GetValue(csv) is { } file && !file.Exists)
                result.AddError($"The CSV file '{file.FullName}' does not exist. Check the path.");
            if (result.GetValue(csv) is not null && result.GetValue(label) is null)
                result.AddError("--csv needs --label COLUMN: the column to be predicted.");
            if (result.GetValue(csv) is null && (result.GetValue(label) ?? result.GetValue(time)) is not null)
                result.AddError("--label and --time belong to --csv FILE.");
            if (result.GetValue(broker) is { } address && ParseBroker(address) is null)
                result.AddError($"--broker '{address}' is not HOST:PORT, for example 127.0.0.1:1883.");
            if (result.GetValue(port) is < 0 or > 65535)
                result.AddError($"--port {result.GetValue(port)} is no port. Give a number from 1 to 65535.");
        });
        command.SetAction(result =>
        {
            string folder = result.GetValue(root)?.FullName ?? Environment.CurrentDirectory;
            options = new DemoOptions
            {
                Once = result.GetValue(once),
                Csv = result.GetValue(csv),
                Label = result.GetValue(label),
                Time = result.GetValue(time),
                ChronologicalSplit = result.GetValue(split) == "time",
                Data = result.GetValue(data),
                Broker = result.GetValue(broker) is { } address ? ParseBroker(address) : null,
                Port = result.GetValue(port),
                Seed = result.GetValue(seed),
                Verbose = result.GetValue(verbose),
                Artifacts = Path.Combine(folder, "artifacts", "demo"),
                Workflows = Path.Combine(folder, "samples", "workflows"),
            };
        });
        exitCode = command.Parse(args).Invoke();
        return options;
    }

    private static DnsEndPoint? ParseBroker(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536
            ? new DnsEndPoint(text[..colon], port)
            : null;
    }
}
