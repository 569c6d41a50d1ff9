using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads how an exception was caught.</summary>
internal static class MechanismReader
{
    // {"type":"chained","handled":true,"source":"InnerException","exception_id":1,"parent_id":0}; Go sends {}
    internal static Mechanism? Read(JsonElement value, ValueReader values)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().Any())
        {
            if (!ValueReader.IsAbsent(value) && value.ValueKind != JsonValueKind.Object)
                values.Refuse("mechanism", value);

            return null;
        }

        var mechanism = new Mechanism();
        foreach (var property in value.EnumerateObject())
        {
            var field = property.Value;
            switch (property.Name)
            {
                case "type": mechanism.Type = values.Name(field, "mechanism.type", 128) ?? mechanism.Type; break;
                case "handled": mechanism.Handled = values.Bool(field, "mechanism.handled"); break;
                case "synthetic": mechanism.Synthetic = values.Bool(field, "mechanism.synthetic") ?? false; break;
                case "description": mechanism.Description = values.Name(field, "mechanism.description", 1_024); break;
                case "help_link": mechanism.HelpLink = values.Name(field, "mechanism.help_link", 1_024); break;
                case "source": mechanism.Source = values.Name(field, "mechanism.source", 128); break;
                case "is_exception_group": mechanism.IsExceptionGroup = values.Bool(field, "mechanism.is_exception_group") ?? false; break;
                case "exception_id": mechanism.ExceptionId = values.Integer(field, "mechanism.exception_id"); break;
                case "parent_id": mechanism.ParentId = values.Integer(field, "mechanism.parent_id"); break;
                case "data": mechanism.Data = values.Object(field, "mechanism.data", JsonBudget.Medium); break;
                case "meta": mechanism.Meta = values.Object(field, "mechanism.meta", JsonBudget.Medium); break;
            }
        }

        // Before mechanisms had a type, {"posix_signal": {…}} was all of one.
        if (mechanism.Meta is null && value.TryGetProperty("posix_signal", out var signal))
            mechanism.Meta = FreeFormJson.Keep(FreeFormJson.ObjectOf("signal", signal), JsonBudget.Medium);
        else if (mechanism.Meta is null && value.TryGetProperty("mach_exception", out var mach))
            mechanism.Meta = FreeFormJson.Keep(FreeFormJson.ObjectOf("mach_exception", mach), JsonBudget.Medium);

        return mechanism;
    }
}
