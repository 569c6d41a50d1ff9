using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads breadcrumbs; JavaScript sends times as numbers, Python, Go and Ruby as text.</summary>
internal static class BreadcrumbReader
{
    private const int MaxBreadcrumbs = 200;

    // {"timestamp":1700000000.5,"type":"http","category":"fetch","level":"info","message":"…","data":{"url":"/pay"}}
    internal static List<Breadcrumb> Read(JsonElement value, ValueReader values) =>
        [.. values.List(value, "breadcrumbs").Where(item => IsObject(item, values)).TakeLast(MaxBreadcrumbs).Select(item => ReadOne(item, values))];

    private static bool IsObject(JsonElement item, ValueReader values)
    {
        if (item.ValueKind == JsonValueKind.Object)
            return true;

        values.Refuse("breadcrumbs", item);
        return false;
    }

    private static Breadcrumb ReadOne(JsonElement item, ValueReader values)
    {
        var breadcrumb = new Breadcrumb();
        foreach (var property in item.EnumerateObject())
        {
            var value = property.Value;
            switch (property.Name)
            {
                case "timestamp": breadcrumb.Timestamp = EventReader.ReadTime(value, "breadcrumbs.timestamp", values); break;
                case "type" or "ty": breadcrumb.Type = values.Name(value, "breadcrumbs.type", 128) ?? breadcrumb.Type; break;
                case "category": breadcrumb.Category = values.Name(value, "breadcrumbs.category", 128); break;
                case "level": breadcrumb.Level = EventReader.ReadLevel(value, SentryLevel.Info, values); break;
                case "message": breadcrumb.Message = ValueReader.TextOrJson(value, 8_192, 200); break;
                case "data": breadcrumb.Data = values.Object(value, "breadcrumbs.data", JsonBudget.Medium); break;
            }
        }

        return breadcrumb;
    }
}
