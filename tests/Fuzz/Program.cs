using ErrorHub.Fuzz.Seeding;
using ErrorHub.Fuzz.Targets;
using SharpFuzz;

// The program that tests/Fuzz/run.sh gives to AFL++; see there for how it is instrumented.
switch (args)
{
    case ["seeds", var data, var fixtures, var into]:
        Seeds.Write(data, fixtures, into);
        return 0;

    // Under AFL++ one input after the other; without it, one from the standard input: ErrorHub.Fuzz event < artifacts/fuzz/…/crashes/id:…
    case [var name] when FuzzTargets.Find(name) is { } run:
        // Out of process, because a stack overflow or a hang cannot be caught: it costs one child and is filed with its input.
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            run(input.ToArray());
        });
        return 0;

    default:
        Console.Error.WriteLine($"""
            ErrorHub.Fuzz TARGET                    runs a target, one of {string.Join(", ", FuzzTargets.Names)}, on the standard input
            ErrorHub.Fuzz seeds DATA FIXTURES INTO  writes the seeds of each target to a folder in INTO
            """);
        return 2;
}
