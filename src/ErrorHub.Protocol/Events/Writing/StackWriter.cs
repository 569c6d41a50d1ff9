using System.Text.Json;

namespace ErrorHub.Protocol.Events.Writing;

/// <summary>Writes exceptions, threads and their stacks.</summary>
internal static class StackWriter
{
    internal static void Exception(Utf8JsonWriter writer, SentryException exception)
    {
        writer.Text("type", exception.Type);
        writer.Text("value", exception.Value);
        writer.Text("module", exception.Module);
        writer.Text("thread_id", exception.ThreadId);
        Mechanism(writer, exception.Mechanism);
        StackTrace(writer, "stacktrace", exception.StackTrace);
        writer.Entries(exception.Other);
    }

    internal static void Thread(Utf8JsonWriter writer, SentryThread thread)
    {
        writer.Text("id", thread.Id);
        writer.Text("name", thread.Name);
        writer.WriteBoolean("crashed", thread.Crashed);
        writer.WriteBoolean("current", thread.Current);
        StackTrace(writer, "stacktrace", thread.StackTrace);
        writer.Entries(thread.Other);
    }

    internal static void StackTrace(Utf8JsonWriter writer, string name, SentryStackTrace? stack)
    {
        if (stack is null)
            return;

        writer.WriteStartObject(name);
        writer.WriteStartArray("frames");
        foreach (var frame in stack.Frames)
            Frame(writer, frame);

        writer.WriteEndArray();
        writer.Json("registers", stack.Registers);
        writer.WriteEndObject();
    }

    private static void Mechanism(Utf8JsonWriter writer, Mechanism? mechanism)
    {
        if (mechanism is null)
            return;

        writer.WriteStartObject("mechanism");
        writer.Text("type", mechanism.Type);
        writer.Bool("handled", mechanism.Handled);
        writer.Bool("synthetic", mechanism.Synthetic ? true : null);
        writer.Text("description", mechanism.Description);
        writer.Text("help_link", mechanism.HelpLink);
        writer.Text("source", mechanism.Source);
        writer.Bool("is_exception_group", mechanism.IsExceptionGroup ? true : null);
        writer.Number("exception_id", mechanism.ExceptionId);
        writer.Number("parent_id", mechanism.ParentId);
        writer.Json("data", mechanism.Data);
        writer.Json("meta", mechanism.Meta);
        writer.WriteEndObject();
    }

    private static void Frame(Utf8JsonWriter writer, SentryStackFrame frame)
    {
        writer.WriteStartObject();
        writer.Text("function", frame.Function);
        writer.Text("raw_function", frame.RawFunction);
        writer.Text("module", frame.Module);
        writer.Text("package", frame.Package);
        writer.Text("filename", frame.Filename);
        writer.Text("abs_path", frame.AbsPath);
        writer.Number("lineno", frame.LineNo);
        writer.Number("colno", frame.ColNo);
        writer.Text("platform", frame.Platform);
        writer.Bool("in_app", frame.InApp);
        writer.Text("context_line", frame.ContextLine);
        writer.Texts("pre_context", frame.PreContext);
        writer.Texts("post_context", frame.PostContext);
        writer.Map("vars", frame.Vars);
        writer.Text("instruction_addr", frame.InstructionAddr);
        writer.Entries(frame.Other);
        writer.WriteEndObject();
    }
}
