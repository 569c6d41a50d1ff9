using System.Net;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads the user; keys without a meaning of their own end up in <see cref="SentryUser.Data"/>.</summary>
internal static class UserReader
{
    // {"id":42,"email":"a@example.org","ip_address":"{{auto}}","username":null,"plan":"pro"}
    internal static SentryUser? Read(JsonElement value, ValueReader values)
    {
        var user = new SentryUser();
        var left = JsonBudget.Large.Size;
        foreach (var (name, field) in values.Map(value, "user"))
        {
            if (ValueReader.IsAbsent(field))
                continue;

            switch (name)
            {
                case "id": user.Id = values.Name(field, "user.id", 128); break;
                case "username": user.Username = values.Name(field, "user.username", 128); break;
                case "name": user.Name = values.Name(field, "user.name", 128); break;
                case "email": user.Email = values.Name(field, "user.email", 75, 25); break;
                case "ip_address": user.IpAddress = ReadIpAddress(field, values); break;
                case "geo": user.Geo = values.Object(field, "user.geo", JsonBudget.Small); break;
                case "data":
                    foreach (var (key, entry) in values.Map(field, "user.data"))
                        ValueReader.AddWithin(user.Data, key, entry, JsonBudget.Medium, ref left);
                    break;
                default: ValueReader.AddWithin(user.Data, name, field, JsonBudget.Medium, ref left); break;
            }
        }

        return user.Identity is null && user.Name is null && user.Geo is null && user.Data.Count == 0 ? null : user;
    }

    private static string? ReadIpAddress(JsonElement value, ValueReader values)
    {
        var text = values.Name(value, "user.ip_address", 64);
        if (text is null or "{{auto}}" || IsAddress(text))
            return text;

        values.Refuse("user.ip_address", value);
        return null;
    }

    /// <summary>A whole IPv4 or IPv6 address: .NET would also read "1" as 0.0.0.1.</summary>
    internal static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out _) && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3);
}
