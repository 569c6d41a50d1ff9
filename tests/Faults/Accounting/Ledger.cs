using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.Faults.Accounting;

/// <summary>The lines of all verdicts of a run, in <c>artifacts/faults.jsonl</c>, since a test that passes prints nothing.</summary>
internal static class Ledger
{
    private static readonly Lock Writing = new();
    private static readonly string Path = System.IO.Path.Combine(Repository.Root, "artifacts", "faults.jsonl");

    public static void Write(Verdict verdict)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(verdict.ToString());
        lock (Writing)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            File.AppendAllLines(Path, [verdict.ToString()]);
        }
    }
}
