using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Onnx.Prediction;
using Mlops.Workflows;

namespace Mlops.Onnx.Tests.Conversion;

/// <summary>What scikit-learn answers, ONNX answers: labels equal, numbers within 1e-5; for many rows and for one.</summary>
public sealed class ConversionTests(ConversionCases cases) : IClassFixture<ConversionCases>
{
    private const double Tolerance = 1e-5;

    [Fact]
    public async Task Convert_EachEstimatorAndVariant_AnswersAsScikitLearnDoes()
    {
        var failures = new List<string>();
        int count = 0;
        foreach (string folder in Directory.EnumerateDirectories(cases.Folder).Order(StringComparer.Ordinal))
        {
            count++;
            try
            {
                if (await DifferenceAsync(folder) is { } difference)
                    failures.Add($"{Path.GetFileName(folder)}: {difference}");
            }
            catch (WorkflowException exception)
            {
                failures.Add($"{Path.GetFileName(folder)}: {exception.Message}");
            }
        }

        failures.ShouldBeEmpty();
        count.ShouldBeGreaterThan(200);
    }

    private static async Task<string?> DifferenceAsync(string folder)
    {
        Case described = JsonSerializer.Deserialize<Case>(await File.ReadAllTextAsync(Path.Combine(folder, "case.json")), JsonSerializerOptions.Web)!;
        if (!described.Converted)
            return $"was not converted: {described.Said}";
        using RecordBatch batch = Read(folder, described);
        batch.Count.ShouldBe(ConversionCases.Rows);
        var manifest = new WorkflowManifest
        {
            Name = "case",
            Version = "1.0.0",
            Runtime = "python",
            Output = described.Classes is not null
                ? new WorkflowOutput { Classes = described.Classes }
                : new WorkflowOutput { Fields = [.. described.Fields!.Select(f => new WorkflowInput(f.Name, Enum.Parse<InputType>(f.Type, ignoreCase: true)))] },
        };
        var request = new PredictorRequest(new WorkflowPackage(manifest, "", folder, false), Path.Combine(folder, "onnx"), batch.Schema, described.Classes, batch.Count);
        await using IPredictor predictor = await new OnnxEngine(new OnnxModels(Options.Create(new OnnxOptions()))).LoadAsync(request, CancellationToken.None);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        if (Difference(folder, described, answers, 0) is { } difference)
            return difference;

        // One row, as it arrives in a plant.
        var builder = new RecordBatchBuilder(batch.Schema);
        builder.Append(batch, batch.Count / 2, 1);
        using RecordBatch one = builder.Build();
        using RecordBatch answer = await predictor.PredictAsync(one);
        return Difference(folder, described, answer, batch.Count / 2) is { } alone ? $"alone: {alone}" : null;
    }

    private static string? Difference(string folder, Case described, RecordBatch answers, int first)
    {
        for (int column = 0; column < answers.Schema.Fields.Count; column++)
        {
            string name = answers.Schema.Fields[column].Name, file = Path.Combine(folder, $"answer.{name}.f8");
            if (!File.Exists(file))
                continue;
            double[] wanted = Numbers(file);
            for (int row = 0; row < answers.Count; row++)
            {
                object? got = answers.Column(column).GetValue(row);
                double value = got switch { string label => described.Classes!.ToList().IndexOf(label), bool truth => truth ? 1 : 0, null => double.NaN, _ => Convert.ToDouble(got, CultureInfo.InvariantCulture) };
                double expected = wanted[first + row];
                if (!(got is string or bool ? value.Equals(expected) : Math.Abs(value - expected) <= Tolerance * Math.Max(1, Math.Abs(expected))))
                    return $"{name} of row {first + row} is {value} where scikit-learn says {expected}";
            }
        }

        return null;
    }

    private static RecordBatch Read(string folder, Case described)
    {
        var schema = new FeedSchema("case", [.. described.Numbers.Select(name => new FeedField(name, FieldType.Float64)), .. described.Texts.Select(name => new FeedField(name, FieldType.Text))]);
        double[][] numbers = [.. described.Numbers.Select(name => Numbers(Path.Combine(folder, $"{name}.f8")))];
        string[][] texts = [.. described.Texts.Select(name => File.ReadAllLines(Path.Combine(folder, $"{name}.txt")))];
        var builder = new RecordBatchBuilder(schema);
        for (int row = 0; row < numbers[0].Length; row++)
        {
            builder.BeginRow(row);
            for (int i = 0; i < numbers.Length; i++)
            {
                if (!double.IsNaN(numbers[i][row]))
                    builder.SetFloat64(i, numbers[i][row]);
            }

            for (int i = 0; i < texts.Length; i++)
                builder.SetText(numbers.Length + i, Encoding.UTF8.GetBytes(texts[i][row]));
            builder.EndRow();
        }

        return builder.Build();
    }

    private static double[] Numbers(string file) => MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(file)).ToArray();

    private sealed record Field(string Name, string Type);

    private sealed record Case(string Said, bool Converted, IReadOnlyList<string>? Classes, IReadOnlyList<Field>? Fields, IReadOnlyList<string> Numbers, IReadOnlyList<string> Texts);
}
