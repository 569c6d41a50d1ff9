namespace ErrorHub.Grouping;

/// <summary>Faults that a runtime finds itself, as opposed to those that some function throws.</summary>
internal static class RuntimeFaults
{
    private static readonly string[] Words =
    [
        "NullPointer", "NullReference", "ClassCast", "InvalidCast", "OutOfBounds", "IndexOutOfRange", "Arithmetic", "DivideByZero", "ZeroDivision",
        "StackOverflow", "OutOfMemory", "NoSuchMethod", "NoClassDef", "TypeLoad", "AccessViolation", "TypeError", "ReferenceError", "NameError",
        "AttributeError", "NoMethodError", "UnboundLocal",
    ];

    internal static bool IsRaisedByRuntime(string? type)
    {
        foreach (var word in Words)
            if (type?.Contains(word, StringComparison.Ordinal) == true)
                return true;

        return false;
    }

    internal static bool IsStackOverflow(string? type, string? value) => type is not null
        && (type.EndsWith("StackOverflowError", StringComparison.Ordinal) || type.EndsWith("StackOverflowException", StringComparison.Ordinal)
            || type.EndsWith("RecursionError", StringComparison.Ordinal) || type is "SystemStackError"
            || (type is "RangeError" or "InternalError" && value is not null
                && (value.Contains("call stack", StringComparison.Ordinal) || value.Contains("recursion", StringComparison.Ordinal))));
}
