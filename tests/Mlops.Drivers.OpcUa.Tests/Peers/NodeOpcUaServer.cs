using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mlops.Drivers.OpcUa.Tests.Peers;

/// <summary>A server made with node-opcua, in a process of its own on a free port.</summary>
internal sealed class NodeOpcUaServer : IAsyncDisposable
{
    private readonly JsonObject _settings;
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private Process? _process;

    private NodeOpcUaServer(JsonObject settings) => _settings = settings;

    public int Port { get; } = FreePort();

    public string Endpoint => $"opc.tcp://localhost:{Port}";

    public string Folder => _folder.Path;

    public int ProcessId => _process!.Id;

    /// <param name="settings">What opcua_server.cjs takes.</param>
    public static async Task<NodeOpcUaServer> StartAsync(object? settings = null)
    {
        var server = new NodeOpcUaServer(JsonSerializer.SerializeToNode(settings ?? new { })!.AsObject());
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts the server, with changed settings where there are any.</summary>
    public async Task StartAgainAsync(object? settings = null)
    {
        foreach (var (name, value) in settings is null ? [] : JsonSerializer.SerializeToNode(settings)!.AsObject())
            _settings[name] = value?.DeepClone();
        _settings["port"] = Port;
        _settings["folder"] = _folder.Path;
        _lines.Clear();
        var start = new ProcessStartInfo("node", [Path.Combine(Peers, "opcua_server.cjs"), _settings.ToJsonString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.True(() => _lines.Contains("ready") || _process.HasExited, () => string.Join('\n', _lines));
        if (_process.HasExited)
            throw new InvalidOperationException(string.Join('\n', _lines));
    }

    /// <summary>Sets a variable's value, and waits until the server has it.</summary>
    public Task SetAsync(string name, string dataType, object? value, string? status = null) => SetAsync(name, [new { dataType, value, status }]);

    /// <summary>Sets a variable's values one after the other; the server does nothing else in between.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="values">Each with <c>dataType</c>, <c>value</c>, and if wanted <c>status</c> and <c>at</c>, the source's time in milliseconds since 1970.</param>
    public async Task SetAsync(string name, IEnumerable<object> values)
    {
        int before = _lines.Count(l => l == $"done {name}");
        await _process!.StandardInput.WriteLineAsync($"set {name} {JsonSerializer.Serialize(values)}");
        await _process.StandardInput.FlushAsync();
        await Eventually.True(() => _lines.Count(l => l == $"done {name}") > before, () => string.Join('\n', _lines));
    }

    /// <summary>Lets the server tell of an event; with a force it is one of the press's own type.</summary>
    public async Task RaiseAsync(string message, int severity, double? force = null)
    {
        int before = _lines.Count(l => l == "done event");
        string json = force is null ? JsonSerializer.Serialize(new { message, severity }) : JsonSerializer.Serialize(new { message, severity, force });
        await _process!.StandardInput.WriteLineAsync($"event {json}");
        await _process.StandardInput.FlushAsync();
        await Eventually.True(() => _lines.Count(l => l == "done event") > before, () => string.Join('\n', _lines));
    }

    /// <summary>Asks for all monitored items of all sessions.</summary>
    public async Task<IReadOnlyList<ServerItem>> ItemsAsync()
    {
        int before = _lines.Count(l => l.StartsWith("items ", StringComparison.Ordinal));
        await _process!.StandardInput.WriteLineAsync("items");
        await _process.StandardInput.FlushAsync();
        await Eventually.True(() => _lines.Count(l => l.StartsWith("items ", StringComparison.Ordinal)) > before, () => string.Join('\n', _lines));
        return JsonSerializer.Deserialize<List<ServerItem>>(_lines.Last(l => l.StartsWith("items ", StringComparison.Ordinal))[6..], JsonSerializerOptions.Web)!;
    }

    /// <summary>Ends the server as a crash does.</summary>
    public async Task KillAsync()
    {
        if (!_process!.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public void Signal(string name) => Process.Start("/bin/kill", [$"-{name}", $"{ProcessId}"]).WaitForExit();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private static string Peers { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "peers"));

    private static string Here([CallerFilePath] string path = "") => path;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
