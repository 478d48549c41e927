using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Runs <c>npm ci</c> for the lock file and moves the libraries out of node_modules into one folder a platform.
/// Compiled by MSBuild when it is needed, against .NET Standard 2.0.
/// </summary>
public sealed class InstallNativeLibraries : Task
{
    private static readonly TimeSpan LockDeadline = TimeSpan.FromMinutes(10);

    /// <summary>Folder of package.json, package-lock.json and .npmrc.</summary>
    [Required]
    public string PackageFolder { get; set; } = "";

    /// <summary>Folder that receives &lt;rid&gt;/&lt;file&gt;.</summary>
    [Required]
    public string NativesFolder { get; set; } = "";

    /// <summary>File that is written last and says what is installed.</summary>
    [Required]
    public string Stamp { get; set; } = "";

    /// <summary>Libraries: identity below <see cref="NativesFolder"/>, metadata From below node_modules.</summary>
    [Required]
    public ITaskItem[] Libraries { get; set; } = new ITaskItem[0];

    public override bool Execute()
    {
        Directory.CreateDirectory(NativesFolder);
        using (TakeLock(Path.Combine(NativesFolder, "install.lock")))
        {
            string wanted = Fingerprint();
            if (File.Exists(Stamp) && File.ReadAllText(Stamp) == wanted && Libraries.All(library => File.Exists(Target(library))))
            {
                File.SetLastWriteTimeUtc(Stamp, DateTime.UtcNow);
                return true;
            }

            File.Delete(Stamp);
            Log.LogMessage(MessageImportance.High, "Installing native libraries with npm");
            if (!RunNpm()) return false;
            string modules = Path.Combine(PackageFolder, "node_modules");
            foreach (ITaskItem library in Libraries)
            {
                string source = Path.Combine(modules, library.GetMetadata("From"));
                if (!File.Exists(source))
                {
                    Log.LogError("Native library '{0}': the npm packages hold no '{1}'. Correct its From in build/natives/Natives.props.", library.ItemSpec, library.GetMetadata("From"));
                    return false;
                }

                Directory.CreateDirectory(Path.GetDirectoryName(Target(library)));
                File.Delete(Target(library));
                File.Move(source, Target(library));
                // npm unpacks with the time of publication; newer than any copy makes PreserveNewest replace an older version's.
                File.SetLastWriteTimeUtc(Target(library), DateTime.UtcNow);
            }

            Directory.Delete(modules, recursive: true);
            File.WriteAllText(Stamp, wanted);
            return true;
        }
    }

    private string Target(ITaskItem library)
    {
        return Path.Combine(NativesFolder, library.ItemSpec);
    }

    // The operating system releases this lock when the process ends, so that a killed build leaves nothing behind.
    private static FileStream TakeLock(string path)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < LockDeadline)
            {
                Thread.Sleep(200);
            }
        }
    }

    private string Fingerprint()
    {
        using (SHA256 hash = SHA256.Create())
        {
            string map = string.Join("\n", Libraries.Select(library => library.ItemSpec + " < " + library.GetMetadata("From")));
            byte[] packages = hash.ComputeHash(File.ReadAllBytes(Path.Combine(PackageFolder, "package-lock.json")));
            return "package-lock.json sha256 " + BitConverter.ToString(packages).Replace("-", "").ToLowerInvariant() + "\n" + map + "\n";
        }
    }

    private bool RunNpm()
    {
        // --force: npm refuses packages of other platforms otherwise. It does not weaken the check of the integrity hashes.
        const string Arguments = "ci --force --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error";
        bool windows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        ProcessStartInfo start = new ProcessStartInfo(windows ? "cmd.exe" : "npm", windows ? "/d /c npm " + Arguments : Arguments)
        {
            WorkingDirectory = PackageFolder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        StringBuilder output = new StringBuilder();
        DataReceivedEventHandler collect = (sender, line) => { lock (output) { output.AppendLine(line.Data); } };
        try
        {
            using (Process npm = new Process { StartInfo = start })
            {
                npm.OutputDataReceived += collect;
                npm.ErrorDataReceived += collect;
                npm.Start();
                npm.BeginOutputReadLine();
                npm.BeginErrorReadLine();
                npm.WaitForExit();
                if (npm.ExitCode == 0) return true;
                Log.LogError("npm {0} in {1} ended with {2}:\n{3}", Arguments, PackageFolder, npm.ExitCode, output.ToString().Trim());
            }
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            Log.LogError("npm could not be started ({0}). The native libraries come from npm packages: install Node.js 20 or newer, with npm on PATH.", error.Message);
        }

        return false;
    }
}
