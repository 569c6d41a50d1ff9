using System.Text;
using System.Text.Json;

namespace ErrorHub.EndToEnd.Tests.Privacy;

/// <summary>An event that has a secret in every place that text can be in.</summary>
internal static class CanaryEvent
{
    /// <summary>Stands in the event for what may be found: the control of every search.</summary>
    public const string Marker = "plantedmarker7531";

    /// <summary>Ways in which a body can hold the secret.</summary>
    public const int Bodies = 5;

    /// <summary>The event's JSON.</summary>
    public static byte[] Write(Canary canary, Guid id, int body)
    {
        var text = canary.Text;
        var source = canary.IsPlain ? "pass" : $"log(\"{text}\")";
        var query = "note=" + Uri.EscapeDataString(text);
        var json = JsonSerializer.Serialize(new { note = text });
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["event_id"] = id.ToString("n"),
            ["platform"] = "python",
            ["transaction"] = $"/pay {text}",
            ["logentry"] = new { message = $"{text} for %s", formatted = $"{Marker} {text}", @params = new[] { text } },
            ["exception"] = new
            {
                values = new[]
                {
                    new
                    {
                        type = "CanaryError",
                        value = $"{Marker} {text}",
                        mechanism = new { type = "generic", description = text, data = new { note = text } },
                        stacktrace = new
                        {
                            frames = new[]
                            {
                                new
                                {
                                    module = "shop.cart", function = "pay", filename = "shop/cart.py", in_app = true, context_line = source,
                                    pre_context = new[] { source }, post_context = new[] { source }, vars = new { note = text, list = new[] { text }, text = json },
                                },
                            },
                        },
                    },
                },
            },
            ["breadcrumbs"] = new { values = new[] { new { category = "auth", message = text, data = new { note = text } } } },
            ["request"] = new
            {
                url = $"https://shop.example/pay?{query}",
                query_string = query,
                headers = new Dictionary<string, string> { ["X-Note"] = text, ["Cookie"] = query },
                cookies = query,
                env = new Dictionary<string, string> { ["NOTE"] = text },
                data = BodyOf(body, text, query, json),
            },
            ["user"] = new { id = "41", username = text, email = text, name = text, ip_address = "203.0.113.171", data = new { note = text } },
            ["tags"] = new Dictionary<string, string> { ["note"] = text, [text.Length > 60 ? "long" : text] = "as a key" },
            ["contexts"] = new { order = new { note = text }, response = new { data = json } },
            ["extra"] = new Dictionary<string, object> { ["note"] = text, ["json"] = json, ["base64"] = Base64(json), [text] = 1 },
            ["unheard_of"] = new { note = text },
        });
    }

    /// <summary>An attachment's text.</summary>
    public static byte[] Attachment(Canary canary) => Encoding.UTF8.GetBytes($"{Marker} in a log\n2026-11-26 12:00:00 {canary.Text}\n");

    private static object BodyOf(int body, string text, string form, string json) => body switch
    {
        0 => form,
        1 => new { note = text, list = new[] { text } },
        2 => text,
        3 => json,
        _ => Base64(json),
    };

    private static string Base64(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
}
