using System.Globalization;
using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Demo;

/// <summary>Makes breadcrumbs of lines: <c>category|message</c>, or <c>http|METHOD url status</c>.</summary>
internal static class DemoBreadcrumbs
{
    public static List<Breadcrumb> Of(IEnumerable<string> lines, DemoText text, DateTimeOffset at, Random random)
    {
        var breadcrumbs = lines.Select(line => Parse(text.Fill(line))).ToList();
        var time = at;
        foreach (var breadcrumb in Enumerable.Reverse(breadcrumbs))
        {
            time -= TimeSpan.FromMilliseconds(random.Next(3, 900));
            breadcrumb.Timestamp = time;
        }

        return breadcrumbs;
    }

    private static Breadcrumb Parse(string line)
    {
        var (category, rest) = line.Split('|', 2) is [var c, var r] ? (c, r) : ("default", line);
        return category == "http" && rest.Split(' ') is [var method, var url, var status]
            ? Http(method, url, int.Parse(status, CultureInfo.InvariantCulture))
            : new Breadcrumb { Category = category, Message = rest };
    }

    private static Breadcrumb Http(string method, string url, int status) => new()
    {
        Type = "http",
        Category = "http",
        Level = status switch { >= 500 => SentryLevel.Error, >= 400 => SentryLevel.Warning, _ => SentryLevel.Info },
        Data = JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["method"] = method, ["url"] = url, ["status_code"] = status }),
    };
}
