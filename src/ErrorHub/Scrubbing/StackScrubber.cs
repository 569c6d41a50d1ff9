using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs the frames of a stack: paths and names as such, lines as source, variables as values.</summary>
internal static class StackScrubber
{
    internal static void Scrub(FieldScrubber fields, SentryStackTrace? stack)
    {
        if (stack is null)
            return;

        var depth = fields.Run.Depth;
        fields.Run.Enter("stacktrace");
        fields.Run.Enter("frames");
        for (var i = 0; i < stack.Frames.Count; i++)
        {
            fields.Run.Enter(i);
            Frame(fields, stack.Frames[i]);
            fields.Run.Leave();
        }

        fields.Run.Leave();
        stack.Registers = fields.Json("registers", stack.Registers, TextPlace.Path);
        fields.Run.LeaveTo(depth);
    }

    private static void Frame(FieldScrubber fields, SentryStackFrame frame)
    {
        frame.Filename = fields.Text("filename", frame.Filename, 256 + 40, TextPlace.Path);
        frame.AbsPath = fields.Text("abs_path", frame.AbsPath, 256 + 40, TextPlace.Path);
        frame.Module = fields.Text("module", frame.Module, 256, TextPlace.Path);
        frame.Package = fields.Text("package", frame.Package, 256, TextPlace.Path);
        frame.Function = fields.Text("function", frame.Function, 256 + 20, TextPlace.Path);
        frame.Platform = fields.Text("platform", frame.Platform, 64);
        frame.InstructionAddr = fields.Text("instruction_addr", frame.InstructionAddr, 64, TextPlace.Path);
        frame.RawFunction = fields.Text("raw_function", frame.RawFunction, 256 + 20, TextPlace.Path);
        frame.ContextLine = fields.Source("context_line", frame.ContextLine);
        fields.Sources("pre_context", frame.PreContext);
        fields.Sources("post_context", frame.PostContext);
        frame.Vars = fields.Map("vars", frame.Vars);
        frame.Other = fields.Entries(frame.Other);
    }
}
