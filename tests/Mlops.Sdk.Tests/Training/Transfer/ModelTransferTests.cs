using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Tests.Prediction;
using Mlops.Training.Lifecycle;
using Mlops.Workflows;
using Mlops.Workflows.Authors;
using Mlops.Workflows.Packages;
using Mlops.Workflows.Signing;

namespace Mlops.Training.Transfer;

public sealed class ModelTransferTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Import_OnANodeThatTrustsTheOther_BringsModelPackageAndLineage()
    {
        await using PredictionNode one = await NodeAsync("one");
        (string id, string file) = await ExportedAsync(one);
        ModelInfo made = one.Get<IModels>().Find(id)!;
        await using PredictionNode two = await NodeAsync("two");
        Trust("two", "one");

        ModelInfo model = await two.Get<IModelTransfer>().ImportAsync(file, "grace");

        (model.Id, model.Digest, model.PackageDigest, model.Training, model.Stage).ShouldBe((id, made.Digest, made.PackageDigest, made.Training, ModelStage.None));
        model.Data.ShouldBe(made.Data);
        model.Parameters.ShouldBe(made.Parameters);
        model.Request!.Author.ShouldBe(made.Request!.Author);
        model.Environment.ShouldBe(made.Environment);
        model.Origin!.ShouldSatisfyAllConditions(o => o.Node.ShouldBe("one"), o => o.Key.ShouldBe("one"), o => o.Author.ShouldBe("grace"));
        two.Get<IModels>().FindProfile(id)!.Inputs.Count.ShouldBe(1);
        two.Get<IWorkflowCatalog>().List().Single().Trusted.ShouldBeTrue("the other node trusts it, and says so under its key");
        two.Get<ILifecycle>().List(id)[0].ShouldSatisfyAllConditions(e => e.Action.ShouldBe(LifecycleAction.Imported), e => e.Author.ShouldBe("grace"));
        one.Get<ILifecycle>().List(id)[0].ShouldSatisfyAllConditions(e => e.Action.ShouldBe(LifecycleAction.Exported), e => e.Author.ShouldBe("ada"));
        (await two.Get<IModelTransfer>().ImportAsync(file)).ShouldSatisfyAllConditions(m => m.Id.ShouldBe(id), m => m.Origin!.Author.ShouldBe("grace"));

        await two.WriteAsync(1);
        string deployment = (await two.DeployAsync(id)).Id;
        await two.WaitAsync(deployment, await two.WriteAsync(21));
        (await two.AnswersAsync(deployment))[^1].Values["twice"].ShouldBe(63.0, "the model multiplies by three");
    }

    [Fact]
    public async Task Import_OnTheNodeThatMadeIt_BringsADeletedModelBack()
    {
        await using PredictionNode node = await NodeAsync("one");
        (string id, string file) = await ExportedAsync(node);
        await node.Get<IModels>().DeleteAsync(id);

        await node.Get<IModelTransfer>().ImportAsync(file);

        (await node.DeployAsync(id)).State.ShouldBe(DeploymentState.Running);
    }

    [Fact]
    public async Task Verify_ByTheAuthorsCommand_ChecksAModelFileToo()
    {
        await using PredictionNode node = await NodeAsync("one");
        (_, string file) = await ExportedAsync(node);
        string keys = _folder["one/data/keys"];

        (int code, string output, string errors) = await AuthorTool.RunAsync(_folder.Path, "verify", file, "--keys", keys);
        (int code, string output, string errors) changed = await AuthorTool.RunAsync(_folder.Path, "verify", Change(file, f => f["model/model.txt"] = "4"u8.ToArray()), "--keys", keys);

        code.ShouldBe(0, errors);
        output.ShouldContain("signed by one");
        changed.code.ShouldBe(1);
        changed.errors.ShouldContain("model/model.txt: signature-wrong: The file has changed since it was signed.");
    }

    [Fact]
    public async Task Import_WhatNobodyVouchesFor_IsRefusedAndNothingIsKept()
    {
        await using PredictionNode one = await NodeAsync("one");
        (string id, string file) = await ExportedAsync(one);
        await using PredictionNode two = await NodeAsync("two", ("Mlops:Workflows:Signatures", "Ignore"), ("Mlops:Workflows:MaxTotalBytes", "1000000"), ("Mlops:Workflows:MaxFileBytes", "1000000"));
        await RefusedAsync(two, file, "SIGNATURE: signature-unknown-key: The key 'one' is not trusted here");
        Trust("two", "one");
        string link = _folder["link.zip"];
        File.WriteAllBytes(link, new RawZip().Add(new RawZip.Entry("model/passwd", "/etc/passwd") { Attributes = 0xA1FF0000 }).Build());

        foreach ((string path, string reason) in ((string, string)[])
        [
            (Change(file, f => f.Remove("SIGNATURE")), "SIGNATURE: signature-missing: The model file is not signed."),
            (Change(file, f => f["SIGNATURE"] = "mlops-signature 1\nkey one\nsignature AAAA\n"u8.ToArray()), "The signature is not by the key 'one'."),
            (Change(file, f => f["model/model.txt"] = "4"u8.ToArray()), "model/model.txt: signature-wrong: The file has changed since it was signed."),
            (Change(file, f => f["model.json"] = [.. f["model.json"], (byte)' ']), "model.json: signature-wrong"),
            (Change(file, f => f.Remove("package/workflow.yaml")), "package/workflow.yaml: signature-wrong: The file is signed but missing."),
            (Change(file, f => f["model/extra.pkl"] = [1]), "model/extra.pkl: signature-wrong: The file is not signed."),
            (Change(file, f => f["../escape.pkl"] = [1]), "path-outside"),
            (Change(file, f => f["model/big.pkl"] = new byte[2_000_000]), "file-size"),
            (link, "zip-link"),
            (_folder.Write("text.zip", "no zip"), "zip-damaged"),
            (_folder["none.zip"], "there is no such file"),
        ])
        {
            await RefusedAsync(two, path, reason);
        }

        two.Get<IModels>().Find(id).ShouldBeNull();
    }

    [Fact]
    public async Task Import_SignedButWrong_IsRefusedAndNothingIsKept()
    {
        await using PredictionNode one = await NodeAsync("one");
        (string id, string file) = await ExportedAsync(one);
        await using PredictionNode two = await NodeAsync("two");
        Trust("two", "one");

        foreach ((Action<Dictionary<string, byte[]>> change, string reason) in ((Action<Dictionary<string, byte[]>>, string)[])
        [
            (f => f["model/model.txt"] = "4"u8.ToArray(), "model: model-digest"),
            (f => f["package/workflow.yaml"] = [.. f["package/workflow.yaml"], (byte)'\n'], "package: model-digest"),
            (f => f.Remove("model/model.txt"), "model: required-file"),
            (f => f["other.txt"] = [1], "other.txt: model-layout"),
            (f => f.Remove("model.json"), "model.json: model-document: The file says nothing of its model"),
            (f => f["model.json"] = "{"u8.ToArray(), "model.json: model-document: It cannot be read"),
            (f => Replace(f, "\"format\":1", "\"format\":9"), "It is of format 9"),
            (f => Replace(f, id, "../../../etc"), "is none that a node gives to a model"),
            (f => Replace(f, "\"version\":\"1.0.0\"", "\"version\":\"2.0.0\""), "package/workflow.yaml: model-package"),
        ])
        {
            await RefusedAsync(two, Change(file, change, sign: "one"), reason);
        }
    }

    [Fact]
    public async Task Import_OtherContentUnderTheSameName_IsRefused()
    {
        await using PredictionNode one = await NodeAsync("one");
        (_, string file) = await ExportedAsync(one);
        await using PredictionNode two = await NodeAsync("two");
        Trust("two", "one");
        await two.WriteAsync(1);
        await two.TrainAsync(_folder["other"], golden: "x,expected_twice\n1,2\n");
        (await Should.ThrowAsync<WorkflowException>(() => two.Get<IModelTransfer>().ImportAsync(file))).Message.ShouldContain("workflow 'double' 1.0.0 has other content here");
        two.Get<IModels>().List().Count.ShouldBe(1);

        await using PredictionNode three = await NodeAsync("three");
        Trust("three", "one");
        await three.Get<IModelTransfer>().ImportAsync(file);
        string other = Change(
            file,
            f =>
            {
                byte[] before = f["model/model.txt"], after = "4"u8.ToArray();
                f["model/model.txt"] = after;
                Replace(f, DigestOf(before), DigestOf(after));
            },
            sign: "one");
        (await Should.ThrowAsync<WorkflowException>(() => three.Get<IModelTransfer>().ImportAsync(other))).Message.ShouldContain("with other content");
    }

    [Fact]
    public async Task Deploy_FilesChangedOnTheDisk_IsRefusedAndSoIsExport()
    {
        await using PredictionNode node = await NodeAsync("one");
        await node.WriteAsync(1);
        string id = await node.TrainAsync(_folder["p"]), sound = await node.TrainAsync(_folder["p"], 3);
        string deployment = (await node.DeployAsync(sound)).Id, model = Path.Combine(node.Get<IModels>().Find(id)!.Folder, "model.txt");
        await File.WriteAllTextAsync(model, "4");

        (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(id))).Message.ShouldContain($"Model '{id}' is not loaded: its files have changed since it was stored");
        (await Should.ThrowAsync<WorkflowException>(() => node.Deployments.SwapAsync(deployment, id))).Message.ShouldContain("have changed");
        (await Should.ThrowAsync<WorkflowException>(() => node.Get<IModelTransfer>().ExportAsync(id, Stream.Null))).Message.ShouldContain("have changed");
        Directory.Delete(Path.GetDirectoryName(model)!, recursive: true);
        (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(id))).Message.ShouldContain("is gone");
        node.Deployments.Find(deployment)!.Request.Model.ShouldBe(sound);
    }

    [Fact]
    public async Task Deploy_ModelNobodyVouchesFor_IsRefused()
    {
        await using PredictionNode node = await NodeAsync("one");
        await node.WriteAsync(1);
        string id = await node.TrainAsync(_folder["p"]), other = await node.TrainAsync(_folder["p"], 3);
        var database = node.Get<NodeDatabase>();

        await database.WriteAsync(db => db.Run("UPDATE model SET signature = (SELECT signature FROM model WHERE id = $other) WHERE id = $id", ("$id", id), ("$other", other)));
        (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(id))).Message.ShouldContain("its signature is for something else");
        await database.WriteAsync(db => db.Run("UPDATE model SET signature = NULL WHERE id = $id", ("$id", id)));
        (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(id))).Message.ShouldContain("it has no signature");

        using var mallory = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ModelInfo model = node.Get<IModels>().Find(id)!;
        string forged = PackageSignature.Create("one", mallory, [($"model/{id}", model.Digest), ($"package/{model.Workflow}-{model.Version}", model.PackageDigest)]);
        await database.WriteAsync(db => db.Run("UPDATE model SET signature = $forged WHERE id = $id", ("$id", id), ("$forged", forged)));
        (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(id))).Message.ShouldContain("its signature is not by the key 'one'");
    }

    [Fact]
    public async Task Deploy_ModelOfAnotherNode_IsRefusedUntilItsKeyIsTrusted()
    {
        string id, key;
        await using (PredictionNode one = await NodeAsync("one"))
        {
            await one.WriteAsync(1);
            id = await one.TrainAsync(_folder["p"]);
            key = await File.ReadAllTextAsync(_folder["one/data/keys/one.pub"]);
        }

        // Its data folder under another name, without its keys.
        Directory.Delete(_folder["one/data/keys"], recursive: true);
        Directory.Move(_folder["one"], _folder["two"]);
        await using PredictionNode two = await NodeAsync("two");
        two.Get<IModels>().Find(id).ShouldNotBeNull();
        (await Should.ThrowAsync<WorkflowException>(() => two.DeployAsync(id))).Message.ShouldContain($"Model '{id}' is not loaded: it was made by 'one', whose key this node does not trust. Add one.pub");

        _folder.Write("two/data/keys/one.pub", key);

        (await two.DeployAsync(id)).State.ShouldBe(DeploymentState.Running);
    }

    public void Dispose() => _folder.Dispose();

    private Task<PredictionNode> NodeAsync(string name, params (string Key, string Value)[] settings) =>
        PredictionNode.StartAsync(Directory.CreateDirectory(_folder[name]).FullName, settings: [("Mlops:Node:Name", name), .. settings]);

    private async Task<(string Id, string File)> ExportedAsync(PredictionNode node)
    {
        await node.WriteAsync(1, 2, 3);
        await node.TrainAsync(_folder["p"]);
        string id = await node.TrainAsync(new TrainingRequest { Workflow = "double", Feed = PredictionNode.Feed, Author = "ada", Params = new Dictionary<string, object?> { ["factor"] = 3.0 } });
        string file = _folder["model.zip"];
        await using FileStream target = File.Create(file);
        await node.Get<IModelTransfer>().ExportAsync(id, target, "ada");
        return (id, file);
    }

    private async Task RefusedAsync(PredictionNode node, string path, string reason)
    {
        WorkflowException refused = await Should.ThrowAsync<WorkflowException>(() => node.Get<IModelTransfer>().ImportAsync(path));
        refused.Message.ShouldStartWith($"The model file '{Path.GetFileName(path)}' was not imported");
        refused.Message.ShouldContain(reason);
        node.Get<IModels>().List().ShouldBeEmpty();
        node.Get<IWorkflowCatalog>().List().ShouldBeEmpty();
        foreach (string kept in (string[])["models", "workflows"])
            (Directory.Exists(_folder[$"two/data/{kept}"]) ? Directory.GetFileSystemEntries(_folder[$"two/data/{kept}"]) : []).ShouldBeEmpty(path);
    }

    private void Trust(string node, string other)
    {
        Directory.CreateDirectory(_folder[$"{node}/data/keys"]);
        File.Copy(_folder[$"{other}/data/keys/{other}.pub"], _folder[$"{node}/data/keys/{other}.pub"]);
    }

    /// <summary>Writes a file again with other entries, and signs them by a node's key when one is named.</summary>
    private string Change(string file, Action<Dictionary<string, byte[]>> change, string? sign = null)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using (ZipArchive zip = ZipFile.OpenRead(file))
        {
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                using var content = new MemoryStream();
                using (Stream from = entry.Open())
                    from.CopyTo(content);
                files[entry.FullName] = content.ToArray();
            }
        }

        change(files);
        if (sign is not null)
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(_folder[$"{sign}/data/keys/signing.key"]));
            files["SIGNATURE"] = Encoding.UTF8.GetBytes(PackageSignature.Create(sign, key, files.Select(f => (f.Key, Convert.ToHexStringLower(SHA256.HashData(f.Value))))));
        }

        string changed = _folder[$"{Guid.NewGuid():n}.zip"];
        using ZipArchive target = ZipFile.Open(changed, ZipArchiveMode.Create);
        foreach ((string path, byte[] content) in files)
        {
            using Stream entry = target.CreateEntry(path, CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }

        return changed;
    }

    private static void Replace(Dictionary<string, byte[]> files, string text, string by)
    {
        string before = Encoding.UTF8.GetString(files["model.json"]);
        before.ShouldContain(text);
        files["model.json"] = Encoding.UTF8.GetBytes(before.Replace(text, by, StringComparison.Ordinal));
    }

    private static string DigestOf(byte[] content) => FileDigests.Combine([("model.txt", Convert.ToHexStringLower(SHA256.HashData(content)))]);
}
