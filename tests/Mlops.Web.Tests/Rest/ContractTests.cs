using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mlops.Client;
using Mlops.Web.Rest;
using Mlops.Web.Security;

namespace Mlops.Web.Tests.Rest;

/// <summary>Every operation of the API document keeps to it, whoever calls it with whatever.</summary>
public sealed class ContractTests(GuardedNode guarded) : IClassFixture<GuardedNode>
{
    /// <summary>A name that operations may give to what they make.</summary>
    private const string Made = "made";

    private static readonly string[] Roles = ["viewer", "operator", "dataScientist", "admin"];

    public static TheoryData<string> Ids => [.. OperationTable.Create("").Select(o => o.Id)];

    [Fact]
    public void Document_Operations_AreThoseOfTheTablesOfRoutesAndOfPermissions()
    {
        string[] documented = [.. guarded.Operations.Select(o => o.Id).Order(StringComparer.Ordinal)];

        documented.ShouldBe(OperationTable.Create("").Select(o => o.Id).Order(StringComparer.Ordinal));
        documented.ShouldBe(Permissions.All.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Operation_WithoutCredentials_Is401UnlessOpen(string id)
    {
        ApiOperation operation = Find(id);

        using HttpResponseMessage response = await SendAsync(guarded.Node.Http, operation, "no-such", Valid(operation));

        if (operation.IsOpen)
            ((int)response.StatusCode is not 403 and < 500).ShouldBeTrue();
        else
            (await ProblemAsync(response, HttpStatusCode.Unauthorized)).Remedy.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Operation_OfEachRole_IsForbiddenWhereTheTableDoesNotNameIt(string id)
    {
        ApiOperation operation = Find(id);
        foreach (string role in Roles)
        {
            bool may = operation.IsOpen || operation.Roles.Split(", ").Contains(role);

            using HttpResponseMessage response = await SendAsync(guarded.Clients[role], operation, Made, Valid(operation));

            if (may)
            {
                response.StatusCode.ShouldNotBe(HttpStatusCode.Forbidden, $"{role} may {id}");
                ((int)response.StatusCode < 500).ShouldBeTrue($"{id} answered {response.StatusCode}");
            }
            else
            {
                await ProblemAsync(response, HttpStatusCode.Forbidden);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Operation_OnWhatIsNotThere_Is404WithRemedy(string id)
    {
        ApiOperation operation = Find(id);
        if (!operation.HasPathParameters || !operation.Statuses.Contains(404))
            return;

        using HttpResponseMessage response = await SendAsync(guarded.Clients["admin"], operation, "no-such", Sound(id) ?? Valid(operation));

        Problem problem = await ProblemAsync(response, HttpStatusCode.NotFound);
        problem.Detail!.ShouldContain("no-such");
        problem.Remedy.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Operation_WithJsonThatIsNone_Is400WithRemedy(string id)
    {
        ApiOperation operation = Find(id);
        if (!operation.BodyTypes.Contains("application/json"))
            return;
        foreach (string body in new[] { "{", "[1,2", "nul", "{\"a\":}", "\"\\u12\"" })
        {
            using HttpResponseMessage response = await SendAsync(guarded.Clients["admin"], operation, "no-such", WebNode.Json(body));

            // Some look first whether there is what the path names.
            if (operation.Statuses.Contains(404) && response.StatusCode == HttpStatusCode.NotFound)
                continue;
            (await ProblemAsync(response, HttpStatusCode.BadRequest)).Remedy.ShouldNotBeNullOrEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Operation_WithABodyThatIsTooLong_Is413(string id)
    {
        ApiOperation operation = Find(id);
        if (operation.BodyTypes.Count == 0)
            return;
        string type = operation.BodyTypes[^1];
        async Task<HttpResponseMessage> SendLongAsync(bool announced)
        {
            var long_ = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', GuardedNode.MaxUpload + 1) + "\"}"));
            long_.Headers.ContentType = new MediaTypeHeaderValue(type);
            return await SendAsync(guarded.Clients["admin"], operation, "no-such", long_, chunked: !announced);
        }

        foreach (bool announced in new[] { true, false })
        {
            HttpResponseMessage? answer = null;
            for (int i = 0; answer is null; i++)
            {
                try
                {
                    answer = await SendLongAsync(announced);
                }
                catch (HttpRequestException) when (!announced && i < 20)
                {
                    // A body whose length nobody knows is cut off when it gets too long; who still sends then may miss the answer.
                }
            }

            using HttpResponseMessage response = answer;
            await response.Content.LoadIntoBufferAsync();

            // Whether its connection is closed, then announced, or kept: the next request is answered.
            using (HttpResponseMessage next = await SendAsync(guarded.Clients["admin"], operation, "no-such", Valid(operation)))
                ((int)next.StatusCode).ShouldBeInRange(200, 499);
            if (!announced && operation.Statuses.Contains(404) && response.StatusCode == HttpStatusCode.NotFound)
                continue;
            await ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Operation_WithABodyOfAnotherType_Is415(string id)
    {
        ApiOperation operation = Find(id);
        if (operation.BodyTypes.Count == 0)
            return;

        using HttpResponseMessage response = await SendAsync(guarded.Clients["admin"], operation, "no-such", new StringContent("a=1", Encoding.UTF8, "application/x-www-form-urlencoded"));

        await ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Operation_WithQueriesThatMakeNoSense_IsNever500(string id)
    {
        ApiOperation operation = Find(id);
        foreach (string value in new[] { "-1", "99999999999999999999", "x'; DROP TABLE feed; --", "%00", "2024-13-45", "NaN", "*" })
        {
            string query = string.Join('&', (operation.Json["parameters"]?.AsArray() ?? []).Where(p => p!["in"]!.GetValue<string>() == "query").Select(p => $"{p!["name"]}={Uri.EscapeDataString(value)}"));

            using HttpResponseMessage response = await SendAsync(guarded.Clients["admin"], operation, Made, Valid(operation), query: query);

            ((int)response.StatusCode < 500).ShouldBeTrue($"{id}?{query} answered {response.StatusCode}");
            Documented(operation, response);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Operation_WithNamesOfOtherPlaces_IsNever500AndReachesNoFile(string id)
    {
        ApiOperation operation = Find(id);
        if (!operation.HasPathParameters)
            return;
        foreach (string name in new[] { "..%2F..%2Fetc%2Fpasswd", "%2e%2e", "..%5c..", "a%00b", new string('a', 2000), "%F0%9F%98%80", "%3Cscript%3E", "con", "%20" })
        {
            using HttpResponseMessage response = await SendAsync(guarded.Clients["admin"], operation, name, Sound(id) ?? Valid(operation));

            ((int)response.StatusCode < 500).ShouldBeTrue($"{operation.Method} {operation.At(name)} answered {response.StatusCode}");
            (await response.Content.ReadAsStringAsync()).ShouldNotContain("root:");
        }

        Directory.EnumerateFileSystemEntries(guarded.Node.Folder).Select(Path.GetFileName).Order().ToArray().ShouldBeSubsetOf(["backups", "data"]);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Operation_WithAnyJson_IsNever500(string id)
    {
        ApiOperation operation = Find(id);
        if (!operation.BodyTypes.Contains("application/json"))
            return;
        var mutation = new JsonMutation(id.Length * 7919);
        for (int i = 0; i < 60; i++)
        {
            string body = mutation.Next(Sound(id) is { } sound ? await sound.ReadAsStringAsync() : "{}");

            using HttpResponseMessage response = await SendAsync(guarded.Clients["admin"], operation, i % 2 == 0 ? Made : "press", WebNode.Json(body));

            ((int)response.StatusCode < 500).ShouldBeTrue($"{id} answered {response.StatusCode} to {body}");
            Documented(operation, response);
        }
    }

    [Fact]
    public async Task Unknown_PathsAndMethods_AreProblemsWithRemedy()
    {
        using HttpResponseMessage path = await guarded.Node.Http.GetAsync("api/v1/nothing-here");
        using HttpResponseMessage method = await guarded.Node.Http.PutAsync("api/v1/status", null);

        (await ProblemAsync(path, HttpStatusCode.NotFound)).Remedy!.ShouldContain("openapi");
        (await ProblemAsync(method, HttpStatusCode.MethodNotAllowed)).Remedy!.ShouldContain("GET");
        method.Content.Headers.Allow.ShouldContain("GET");
    }

    /// <summary>Returns a body that the operation understands; <see langword="null"/> where any object is as good.</summary>
    private static StringContent? Sound(string id) => id switch
    {
        "signIn" => WebNode.Json("""{"user":"nobody","password":"x"}"""),
        "putUser" => WebNode.Json("""{"role":"viewer"}"""),
        "createToken" => WebNode.Json("""{"name":"t","role":"viewer","expiresInDays":1}"""),
        "putAsset" or "testAsset" => WebNode.Json("""{"kind":"no-such-kind","settings":{}}"""),
        "writeAsset" => WebNode.Json("""{"values":{"a":1}}"""),
        "callAsset" => WebNode.Json("""{"method":"a","arguments":[1,"b",true,null]}"""),
        "discoverAssets" => WebNode.Json("""{"address":"a"}"""),
        "browseAsset" => WebNode.Json("""{"parent":"a"}"""),
        "postRecords" => WebNode.Json("""{"records":[{"timestamp":"2024-01-01T00:00:00","x":1.5,"t":"a","b":true}]}"""),
        "postLabels" => WebNode.Json("""{"labels":[{"set":"s","value":"a","source":{"row":1}},{"set":"s","value":1,"key":{"t":"a"}},{"set":"s","value":true,"from":"2024-01-01","to":"2024-01-02"}]}"""),
        "deleteLabels" => WebNode.Json("""{"ids":[1,2]}"""),
        "replayDeadLetters" or "deleteDeadLetters" => WebNode.Json("""{"ids":["a"]}"""),
        "addMapping" or "changeMapping" => WebNode.Json("""{"topic":"plant/+","feed":"a.{1}","fields":[{"field":"x","path":"a.b","type":"float64"}],"topicFields":{"p":1}}"""),
        "learnMapping" => WebNode.Json("""{"topic":"plant/+","seconds":0.05,"messages":1}"""),
        "startTraining" => WebNode.Json("""{"workflow":"none","feed":"press","filter":"x > 1","params":{"a":1},"limit":5,"tolerance":{"a":"5s"},"balance":{"perClass":1}}"""),
        "putFeed" => WebNode.Json("""{"fields":[{"name":"x","type":"text"},{"name":"x","type":"float64","unit":"mm"}]}"""),
        "putAssembly" => WebNode.Json("""{"mode":"latest","maxAge":"5s","period":1,"shape":"wide"}"""),
        "enableAsset" or "enableTrigger" => WebNode.Json("""{"enabled":false}"""),
        "writeDatabus" => WebNode.Json("""{"values":{"a":1,"b":[1,2]},"answerWithin":"1s"}"""),
        "updateDatabus" => WebNode.Json("""{"path":"app/connection"}"""),
        "addTrigger" or "changeTrigger" => WebNode.Json("""{"name":"t","deployment":"none","training":{"workflow":"none","feed":"press"},"window":"7d","schedule":{"cron":"0 3 * * *","timeZone":"UTC"},"newLabels":5,"drift":{"psi":0.25,"for":"1h"},"quality":{"limit":0.9},"coolDown":"1h","release":{"step":"canary","share":0.2,"backtest":"1d"}}"""),
        "rejectRetraining" => WebNode.Json("""{"reason":"no"}"""),
        "setModelStage" => WebNode.Json("""{"stage":"production"}"""),
        "startBacktest" => WebNode.Json("""{"model":"none","feed":"press","fill":"last"}"""),
        "startDeployment" => WebNode.Json("""{"workflow":"none","model":"none","feed":"press","maxAge":"5m","output":{"connection":"a","collection":"b"}}"""),
        "changeDeployment" or "startShadow" or "startCanary" => WebNode.Json("""{"model":"none"}"""),
        "querySql" => WebNode.Json("""{"sql":"SELECT 1 AS a","limit":5}"""),
        "importConfiguration" => WebNode.Json("""{"mlopsConfiguration":1}"""),
        "infer" => WebNode.Json("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP64","data":[1]}]}"""),
        _ => null,
    };

    private static HttpContent? Valid(ApiOperation operation) => operation.BodyTypes.Count == 0 ? null
        : operation.BodyTypes.Contains("application/json") ? WebNode.Json("{}")
        : new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new MediaTypeHeaderValue(operation.BodyTypes[0]) } };

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, ApiOperation operation, string name, HttpContent? content, bool chunked = false, string query = "")
    {
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), new Uri(http.BaseAddress!, operation.At(name) + (query.Length > 0 ? "?" + query : ""))) { Content = content };
        if (chunked)
            request.Headers.TransferEncodingChunked = true;
        // An event stream has no end.
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static void Documented(ApiOperation operation, HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        // PUT answers 201 for what is new; a GET of what is known already is not made here.
        (operation.Statuses.Contains(status) || (operation.Method == "PUT" && status == 201) || status == 400 || status == 404).ShouldBeTrue($"{operation.Id} answered {status}, which its document does not name");
    }

    private static async Task<Problem> ProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        string text = await WebNode.ReadAsync(response, expected);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        Problem problem = JsonSerializer.Deserialize(text, MlopsJson.Of<Problem>())!;
        problem.Status.ShouldBe((int)expected);
        problem.Title.ShouldNotBeNullOrEmpty();
        problem.Detail.ShouldNotBeNullOrEmpty();
        return problem;
    }

    private ApiOperation Find(string id) => guarded.Operations.Single(o => o.Id == id);
}
