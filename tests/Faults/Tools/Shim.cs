using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.Faults.Tools;

/// <summary>Builds libraries that stand before the C library in the processes under test.</summary>
internal static class Shim
{
    /// <summary>Builds one from C; its path, or null without a C compiler.</summary>
    public static async Task<string?> BuildAsync(string name, string c, CancellationToken cancellationToken)
    {
        if (!File.Exists("/usr/bin/gcc"))
            return null;

        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "shims")).FullName;
        var (source, library) = (Path.Combine(folder, $"{name}.c"), Path.Combine(folder, $"{name}.so"));
        await File.WriteAllTextAsync(source, c, cancellationToken);
        (await ProgramRun.ToEndAsync(
            "/usr/bin/gcc", ["-shared", "-fPIC", "-o", library, source, "-ldl"], new Dictionary<string, string>(), cancellationToken)).Succeeded();
        return library;
    }
}
