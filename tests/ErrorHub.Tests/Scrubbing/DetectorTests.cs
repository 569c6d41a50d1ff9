using System.Text.Json;
using ErrorHub.Scrubbing;

namespace ErrorHub.Tests.Scrubbing;

public class DetectorTests
{
    [Theory]
    [InlineData("charge of 4012 8888 8888 1881 declined", "charge of [creditcard] declined")]
    [InlineData("pan 2720-9999-9999-9996.", "pan [creditcard].")]
    [InlineData("pan 6205 5000 0000 0000 004", "pan [creditcard]")]
    [InlineData("4\u200B111\u200B111111111111", "[creditcard]")]
    [InlineData("٤١١١١١١١١١١١١١١١", "[creditcard]")]
    [InlineData("%B4111111111111111^DOE/JOHN^29122011000012345678?", "%B[creditcard]?")]
    [InlineData("(4111 1111 1111 1111 12/29)", "([creditcard] 12/29)")]
    [InlineData("order 4111111111111112", null)]
    [InlineData("id a4111111111111111", null)]
    [InlineData("0.4111111111111111", null)]
    [InlineData("1764115200000 ms", null)]
    public void Cards(string text, string? expected) => Becomes(text, expected);

    [Theory]
    [InlineData("to GB82 WEST 1234 5698 7654 32 today", "to [iban] today")]
    [InlineData("FR1420041010050500013M02606", "[iban]")]
    [InlineData("iban nl91abna0417164300", "iban [iban]")]
    [InlineData("GB82 WEST 1234 5698 7654 33", null)]
    [InlineData("DE89370400440532013001", null)]
    public void Ibans(string text, string? expected) => Becomes(text, expected);

    [Theory]
    [InlineData("SSN: 536 90 4399", "SSN: [ssn]")]
    [InlineData("no keyword 536-90-4399 here", "no keyword [ssn] here")]
    [InlineData("666-90-4399", null)]
    [InlineData("part 1-536-90-4399", null)]
    [InlineData("NHS number 4010232137", "NHS number [nhs]")]
    [InlineData("NHS number 4010232138", null)]
    [InlineData("National Insurance AB123456C", "National Insurance [nino]")]
    [InlineData("NIR 2 55 08 14 168 025 38", "NIR [nir]")]
    [InlineData("NIR 2 55 08 14 168 025 39", null)]
    [InlineData("Steuer-ID 86095742719", "Steuer-ID [taxid]")]
    [InlineData("Steuer-ID 86095742718", null)]
    [InlineData("DNI 12345678Z", "DNI [dni]")]
    [InlineData("NIE X1234567L", "NIE [dni]")]
    [InlineData("DNI 12345678A", null)]
    [InlineData("BSN 111222333", "BSN [bsn]")]
    [InlineData("BSN 111222334", null)]
    [InlineData("PESEL 44051401358", null)]
    [InlineData("cpf 11144477735", "cpf [cpf]")]
    [InlineData("cpf 11144477736", null)]
    [InlineData("CNPJ 11.222.333/0001-81", "CNPJ [cnpj]")]
    [InlineData("CNPJ 11.222.333/0001-82", null)]
    [InlineData("codice fiscale: MRTMTT91D08F205J", "codice fiscale: [codicefiscale]")]
    [InlineData("NPI 1234567890", null)]
    [InlineData("DEA AB1234564", null)]
    [InlineData("Medicare 1EG4TE5MK73", "Medicare [mbi]")]
    [InlineData("passport number 123456789", "passport number [passport]")]
    [InlineData("passport expired", null)]
    [InlineData("MRN: 00123456 not found", "MRN: [mrn] not found")]
    [InlineData("patient id A-99812 locked", "patient id [mrn] locked")]
    [InlineData("bank account 12345678", "bank account [bankaccount]")]
    [InlineData("account 12345678", null)]
    public void NationalNumbers(string text, string? expected) => Becomes(text, expected);

    [Theory]
    [InlineData("born 12 April 1985 in", "born [birthdate] in")]
    [InlineData("date of birth: 04/12/1985", "date of birth: [birthdate]")]
    [InlineData("geboren 12.04.1985", "geboren [birthdate]")]
    [InlineData("created 1985-04-12", null)]
    [InlineData("call +49 30 1234567 now", "call [phone] now")]
    [InlineData("+14155552671", "[phone]")]
    [InlineData("phone (415) 555-2671", "phone [phone]")]
    [InlineData("at 2026-11-23T04:48:22+02:00", null)]
    [InlineData("1+1234567890", null)]
    public void DatesAndPhones(string text, string? expected) => Becomes(text, expected);

    [Theory]
    [InlineData("to anna.schmidt+x@mail.example.org.", "to [email].")]
    [InlineData("иван@пример.рф", "[email]")]
    [InlineData("x@xn--exmple-cua.de", "[email]")]
    [InlineData("react-dom@18.2.0", null)]
    [InlineData("logo@2x.png", null)]
    [InlineData("git@github.com:org/repo", null)]
    [InlineData("com.foo.Bar@1a2b3c", null)]
    public void Emails(string text, string? expected) => Becomes(text, expected);

    [Theory]
    [InlineData("from 203.0.113.9:443", "from [ip]:443")]
    [InlineData("host.example/10.1.2.3:80", "host.example/[ip]:80")]
    [InlineData("[2001:db8::1]:80", "[[ip]]:80")]
    [InlineData("::ffff:192.0.2.1 refused", "[ip] refused")]
    [InlineData("fe80::1ff:fe23:4567:890a", "[ip]")]
    [InlineData("Chrome/120.0.6.109", null)]
    [InlineData("Version=4.8.1.2", null)]
    [InlineData("lib-1.2.3.4.tgz", null)]
    [InlineData("foo::1", null)]
    [InlineData("Cafe::Bad", null)]
    [InlineData("12:34:56", null)]
    [InlineData("mac 00:1b:44:11:3A:B7", "mac [mac]")]
    [InlineData("00-1B-44-11-3A-B7", "[mac]")]
    public void Addresses(string text, string? expected) => Becomes(text, expected);

    [Theory]
    [InlineData("redis://:s3cr3t@cache:6379/0", "redis://[auth]@cache:6379/0")]
    [InlineData("https://user:p@ss@host/x", "https://[auth]@host/x")]
    [InlineData("https://host/users/@me", null)]
    [InlineData("ssh://git@host/x", null)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\n[pemkey]\n-----END RSA PRIVATE KEY-----")]
    [InlineData("key: -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq", "key: -----BEGIN PRIVATE KEY-----\n[pemkey]")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIEow", null)]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==", "Basic [token]")]
    [InlineData("Basic authentication failed", null)]
    [InlineData("Bearer token missing", null)]
    [InlineData("xoxb-123456789012-abcdefGHIJKL", "[token]")]
    [InlineData("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "[token]")]
    [InlineData("AIzaSyA1234567890abcdefghijklmnopqrstuv", "[token]")]
    [InlineData("npm_abcdefghijklmnopqrstuvwxyz0123456789", "[token]")]
    [InlineData("npm_config_cache", null)]
    [InlineData("npm_package_dependencies_react_native", null)]
    public void Tokens(string text, string? expected) => Becomes(text, expected);

    [Theory]
    [InlineData("Server=db;User Id=sa;Pwd=a,b;Encrypt=true", "Server=db;User Id=sa;Pwd=[Filtered];Encrypt=true")]
    [InlineData("api_key='abc'", "api_key='[Filtered]'")]
    [InlineData("API key: abc123", "API key: [Filtered]")]
    [InlineData("{\\\"password\\\":\\\"x y\\\"}", "{\\\"password\\\":\\\"[Filtered]\\\"}")]
    [InlineData(":password=>\"x\"", ":password=>\"[Filtered]\"")]
    [InlineData("Cookie: a=b; sid=1", "Cookie: [Filtered]")]
    [InlineData("X-Api-Key: abc", "X-Api-Key: [Filtered]")]
    [InlineData("Authorization: Digest username=bob, response=0a", "Authorization: [Filtered]")]
    [InlineData("{'pwd': 'x', 'n': 1}", "{'pwd': '[Filtered]', 'n': 1}")]
    [InlineData("the password was hunter2", "the password was [Filtered]")]
    [InlineData("password: must not be empty", null)]
    [InlineData("The password is incorrect", null)]
    [InlineData("Unexpected token: }", null)]
    [InlineData("Invalid token: expired", null)]
    [InlineData("Token::Invalid", null)]
    [InlineData("token_type=bearer", null)]
    [InlineData("System.Web, Version=4.8.1.2, PublicKeyToken=b03f5f7f11d50a3a", null)]
    [InlineData("Author: none", null)]
    public void SecretsUnderAName(string text, string? expected) => Becomes(text, expected);

    [Theory]
    [InlineData("C:\\Users\\John Smith\\a.cs", "C:\\Users\\[user]\\a.cs")]
    [InlineData("c:/users/bob/x", "c:/users/[user]/x")]
    [InlineData("(/home/bob)", "(/home/[user])")]
    [InlineData("GET /api/users/42/orders", null)]
    [InlineData("/home/runner/work/x", null)]
    [InlineData("https://example.com/home/news", null)]
    public void UserPaths(string text, string? expected) => Becomes(text, expected);

    [Theory]
    [InlineData("Pass_Word")]
    [InlineData("passwоrd")]
    [InlineData("dbPassword")]
    [InlineData("X-CSRF-Token")]
    [InlineData("refreshToken")]
    [InlineData("client_secret")]
    [InlineData("SSN")]
    [InlineData("card_pin")]
    public void KeyRules_SecretName_IsSensitive(string name) => Assert.True(KeyRules.IsSensitive(name));

    [Theory]
    [InlineData("className")]
    [InlineData("author")]
    [InlineData("cancellationToken")]
    [InlineData("token_type")]
    [InlineData("max_tokens")]
    [InlineData("password_length")]
    [InlineData("secretary")]
    [InlineData("session_count")]
    [InlineData("spinner")]
    public void KeyRules_OtherName_IsNot(string name) => Assert.False(KeyRules.IsSensitive(name));

    [Theory]
    [InlineData("{\"a\":{\"password\":[1,2]},\"b\":true,\"token\":null}", "{\"a\":{\"password\":\"[Filtered]\"},\"b\":true,\"token\":null}")]
    [InlineData("[[\"password\",\"x\"],{\"key\":\"pwd\",\"value\":\"x\"}]", "[[\"password\",\"[Filtered]\"],{\"key\":\"pwd\",\"value\":\"[Filtered]\"}]")]
    [InlineData("{\"a@b.cc\":1,\"c@d.ee\":4111111111111111}", "{\"[email]\":1,\"[email] #2\":\"[creditcard]\"}")]
    [InlineData("{\"n\":\"{\\\"pin\\\":1234}\"}", "{\"n\":\"{\\\"pin\\\":\\\"[Filtered]\\\"}\"}")]
    [InlineData("{\"body\":\"card=4111%201111%201111%201111&x=1\"}", "{\"body\":\"card=[creditcard]&x=1\"}")]
    [InlineData("{\"body\":\"eyJwYXNzd29yZCI6Imh1bnRlcjIifQ==\"}", "{\"body\":\"[Filtered]\"}")]
    [InlineData("{\"trace_id\":\"4111111111111111\",\"version\":\"10.1.2.3\"}", null)]
    public void Json(string json, string? expected)
    {
        using var document = JsonDocument.Parse(json);
        var scrubbed = JsonScrubber.Scrub(document.RootElement).GetRawText();
        Assert.Equal(expected ?? json, scrubbed);
    }

    private static void Becomes(string text, string? expected)
    {
        var scrubbed = TextScrubber.Scrub(text);
        Assert.Equal(expected ?? text, scrubbed);
        Assert.Same(scrubbed, TextScrubber.Scrub(scrubbed));
    }
}
