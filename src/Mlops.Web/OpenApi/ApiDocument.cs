using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Mlops.Client;
using Mlops.Web.Node;
using Mlops.Web.Rest;
using Mlops.Web.Security;

namespace Mlops.Web.OpenApi;

/// <summary>Writes the OpenAPI 3.1 document of the operations: from the table that also routes them, so that it cannot be wrong.</summary>
internal static partial class ApiDocument
{
    public static byte[] Create(IEnumerable<Operation> operations, string prefix)
    {
        var schemas = new JsonObject();
        Reference(schemas, typeof(Problem));
        var paths = new JsonObject();
        foreach (Operation operation in operations)
        {
            var path = paths[operation.FullPath] as JsonObject;
            if (path is null)
                paths[operation.FullPath] = path = [];
            path[operation.Method.ToLowerInvariant()] = Describe(operation, schemas);
        }

        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Mlops node",
                ["version"] = NodeHealth.Version,
                ["description"] = "Everything that a node does. What is refused is a problem (application/problem+json) with title, detail and remedy.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = prefix.Length == 0 ? "/" : prefix }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["session"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = AccessGate.Cookie },
                },
            },
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, MlopsJson.Of<JsonObject>());
    }

    private static JsonObject Describe(Operation operation, JsonObject schemas)
    {
        Roles roles = Permissions.Of(operation.Id);
        var json = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Tag),
            ["summary"] = operation.Summary,
        };
        if (Parameters(operation) is { Count: > 0 } parameters)
            json["parameters"] = parameters;
        if (operation.BodyTypes.Count > 0)
        {
            var content = new JsonObject();
            foreach (string type in operation.BodyTypes)
                content[type] = new JsonObject { ["schema"] = type == Operation.Json && operation.Body is { } body ? Reference(schemas, body) : new JsonObject { ["type"] = "string" } };
            json["requestBody"] = new JsonObject { ["required"] = !operation.BodyIsOptional, ["content"] = content };
        }

        json["responses"] = Responses(operation, roles, schemas);
        json["security"] = roles == Roles.None ? new JsonArray() : new JsonArray(new JsonObject { ["token"] = new JsonArray() }, new JsonObject { ["session"] = new JsonArray() });
        json["x-roles"] = roles == Roles.None ? "anybody" : RoleNames.List(roles);
        return json;
    }

    private static JsonArray Parameters(Operation operation)
    {
        var parameters = new JsonArray();
        foreach (Match match in PathParameter().Matches(operation.FullPath))
            parameters.Add((JsonNode)new JsonObject { ["name"] = match.Groups[1].Value, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } });
        foreach (QueryParameter parameter in operation.Query)
        {
            var schema = new JsonObject { ["type"] = parameter.Type };
            if (parameter.Format is not null)
                schema["format"] = parameter.Format;
            parameters.Add((JsonNode)new JsonObject { ["name"] = parameter.Name, ["in"] = "query", ["description"] = parameter.Text, ["schema"] = schema });
        }

        if (operation.Method == "POST" && !operation.IsSecret)
            parameters.Add((JsonNode)Header(AnsweredRequests.Header, "The same request sent again under the same key is done once, and answered the same."));
        if (operation.IsTagged)
            parameters.Add((JsonNode)Header(operation.IsChange ? "If-Match" : "If-None-Match", operation.IsChange ? "The ETag of what is to be changed; 412 when somebody else has changed it." : "The ETag that is known already; 304 when it is still so."));
        return parameters;
    }

    private static JsonObject Header(string name, string text) =>
        new() { ["name"] = name, ["in"] = "header", ["description"] = text, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Responses(Operation operation, Roles roles, JsonObject schemas)
    {
        var success = new JsonObject { ["description"] = "Done." };
        if (operation.Success != 204)
        {
            var content = new JsonObject();
            foreach (string type in operation.AnswerTypes)
                content[type] = new JsonObject { ["schema"] = operation.Answer is { } answer ? Reference(schemas, answer) : new JsonObject() };
            success["content"] = content;
        }

        var responses = new JsonObject { [operation.Success.ToString(CultureInfo.InvariantCulture)] = success };
        foreach (int status in Refusals(operation, roles))
            responses[status.ToString(CultureInfo.InvariantCulture)] = new JsonObject
            {
                ["description"] = "Refused.",
                ["content"] = new JsonObject { [Problems.ContentType] = new JsonObject { ["schema"] = Reference(schemas, typeof(Problem)) } },
            };
        return responses;
    }

    private static SortedSet<int> Refusals(Operation operation, Roles roles)
    {
        var statuses = new SortedSet<int>(operation.Refusals);
        if (operation.Query.Count > 0 || operation.BodyTypes.Count > 0)
            statuses.Add(400);
        if (operation.BodyTypes.Count > 0)
            statuses.UnionWith([413, 415]);
        if (roles != Roles.None)
            statuses.UnionWith([401, 403]);
        return statuses;
    }

    private static JsonObject Reference(JsonObject schemas, Type type)
    {
        if (type.IsGenericType)
            return new JsonObject { ["type"] = "array", ["items"] = Reference(schemas, type.GetGenericArguments()[0]) };
        if (!schemas.ContainsKey(type.Name))
        {
            // Its place first: contracts may name themselves.
            schemas[type.Name] = new JsonObject();
            var exporter = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => Transform(schemas, context, node) };
            schemas[type.Name] = MlopsJson.Options.GetJsonSchemaAsNode(type, exporter);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{type.Name}" };
    }

    private static JsonNode Transform(JsonObject schemas, JsonSchemaExporterContext context, JsonNode node)
    {
        Type type = context.TypeInfo.Type;
        if (context.TypeInfo.ElementType is { } element && Nullable.GetUnderlyingType(element) is not null && node["items"] is { } items)
            node["items"] = OrNull(items.DeepClone());
        if (context.TypeInfo.Kind != JsonTypeInfoKind.Object || type.Namespace != typeof(Problem).Namespace)
            return OfScalar(type) ?? node;
        if (context.Path.Length > 0)
        {
            JsonObject reference = Reference(schemas, type);
            return node["type"] is JsonArray ? OrNull(reference) : reference;
        }

        // Of values that may be missing the exporter says nothing, or not that they may.
        foreach (JsonPropertyInfo property in context.TypeInfo.Properties)
        {
            if (Nullable.GetUnderlyingType(property.PropertyType) is { } value && node["properties"]?[property.Name] is JsonObject schema && schema["type"] is not JsonArray)
            {
                schema.Remove("default");
                node["properties"]![property.Name] = OrNull(OfScalar(value) ?? schema.DeepClone());
            }
        }

        return node;
    }

    private static JsonObject? OfScalar(Type type)
    {
        if (type == typeof(DateTimeOffset))
            return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        return type == typeof(TimeSpan)
            ? new JsonObject { ["type"] = new JsonArray("string", "number"), ["description"] = "00:05:00, 5m, PT5M or a number of seconds." }
            : null;
    }

    private static JsonObject OrNull(JsonNode schema) => new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
