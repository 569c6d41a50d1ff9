using System.Text;
using System.Text.Json;
using ErrorHub.Scrubbing;

namespace ErrorHub.Tests.Scrubbing;

public sealed class InlineSecretTests
{
    [Theory]
    // Tags and fields of markup and forms.
    [InlineData("<login><ns:password type='text'>Tr0ub4dor&3</ns:password></login>", "<login><ns:password type='text'>[Filtered]</ns:password></login>")]
    [InlineData("<Cvv2>123</Cvv2>", "<Cvv2>[Filtered]</Cvv2>")]
    [InlineData("<add key=\"Password\" value=\"hunter2\" />", "<add key=\"Password\" value=\"[Filtered]\" />")]
    [InlineData("form-data; name=\"password\"\r\n\r\nhunter2\r\n--b", "form-data; name=\"password\"\r\n\r\n[Filtered]\r\n--b")]
    [InlineData("""[{"name":"api_key","value":"k3y"},{"na""", """[{"name":"api_key","value":"[Filtered]"},{"na""")]
    // Wrapped.
    [InlineData("Config { password: Some(\"hunter2\") }", "Config { password: Some(\"[Filtered]\") }")]
    [InlineData("<QueryDict: {'password': ['hunter2']}>", "<QueryDict: {'password': ['[Filtered]']}>")]
    [InlineData("[\"password\"]=>\n  string(7) \"hunter2\"", "[\"password\"]=>\n  string(7) \"[Filtered]\"")]
    [InlineData("s:8:\"password\";s:7:\"hunter2\";", "s:8:\"password\";s:7:\"[Filtered]\";")]
    // Pairs and options.
    [InlineData("[('user', 'jane'), ('password', 'hunter2')]", "[('user', 'jane'), ('password', '[Filtered]')]")]
    [InlineData("[password, hunter2]", "[password, [Filtered]]")]
    [InlineData("Command '['mysql', '--password', 'hunter2']' failed", "Command '['mysql', '--password', '[Filtered]']' failed")]
    [InlineData("app --api-key k3yk3y --verbose", "app --api-key [Filtered] --verbose")]
    [InlineData("curl -s -u jane:hunter2 https://x", "curl -s -u jane:[Filtered] https://x")]
    [InlineData("sshpass -p hunter2 ssh h", "sshpass -p [Filtered] ssh h")]
    [InlineData("ALTER USER jane IDENTIFIED BY 'hunter2'", "ALTER USER jane IDENTIFIED BY '[Filtered]'")]
    // What validators and people say.
    [InlineData("on field 'password': rejected value [hunter2]; codes", "on field 'password': rejected value [[Filtered]]; codes")]
    [InlineData("password: Path `password` (`hunter2`) is shorter", "password: Path `password` (`[Filtered]`) is shorter")]
    [InlineData("\"password\" with value \"hunter2\" fails to match", "\"password\" with value \"[Filtered]\" fails to match")]
    [InlineData("1 error\npassword\n  too short [type=x, input_value='hunter2', input_type=str]", "1 error\npassword\n  too short [type=x, input_value='[Filtered]', input_type=str]")]
    [InlineData("Invalid password 'hunter2' for jane", "Invalid password '[Filtered]' for jane")]
    [InlineData("OTP 482913 rejected", "OTP [Filtered] rejected")]
    [InlineData("Le mot de passe est hunter2", "Le mot de passe est [Filtered]")]
    [InlineData("mot de passe : hunter2", "mot de passe : [Filtered]")]
    [InlineData("La contraseña es hunter2", "La contraseña es [Filtered]")]
    [InlineData("Das Passwort lautet hunter2", "Das Passwort lautet [Filtered]")]
    [InlineData("Kennwort: hunter2", "Kennwort: [Filtered]")]
    [InlineData("The value 'hunter2' is not valid for Password.", "The value '[Filtered]' is not valid for Password.")]
    [InlineData("db:\n  password: |\n    hunter2\n  user: jane", "db:\n  password: |\n    [Filtered]\n  user: jane")]
    [InlineData("[{user,\"jane\"},{password,\"hunter2\"}]", "[{user,\"jane\"},{password,\"[Filtered]\"}]")]
    [InlineData("pass\u200Bword=hunter2", "pass\u200Bword=[Filtered]")]
    [InlineData("mot de passe incorrect : hunter2", "mot de passe incorrect : [Filtered]")]
    [InlineData("root password was reset to hunter2*", "root password was reset to [Filtered]")]
    [InlineData("user admin with password CVOX8*c!1 failed", "user admin with password [Filtered] failed")]
    [InlineData("a=1;Password=ab+cd/ef==;b=2", "a=1;Password=[Filtered];b=2")]
    // Passwords hold what ends other values.
    [InlineData("Server=db;Password=a|b<c>d'e&7;Encrypt=true", "Server=db;Password=[Filtered];Encrypt=true")]
    [InlineData("Driver={ODBC 18};UID=sa;PWD={a7b8c9}", "Driver={ODBC 18};UID=sa;PWD=[Filtered]}")]
    [InlineData("password=secret", "password=[Filtered]")]
    [InlineData("Login=jane;Pwd=default;", "Login=jane;Pwd=[Filtered];")]
    [InlineData("password=a7&user=jane", "password=[Filtered]&user=jane")]
    [InlineData("DB_PASSWORD=(a7b8c9", "DB_PASSWORD=[Filtered]")]
    [InlineData("level=info password=a7b8|user=jane", "level=info password=[Filtered]|user=jane")]
    // Schemes that nobody has heard of, cookies, connection strings.
    [InlineData("Authorization: SSWS 00QCjAl4MlV-WPX", "Authorization: [Filtered]")]
    [InlineData("Authorization: Digest username=\"jane\", response=\"66\"\nHost: x", "Authorization: [Filtered]\nHost: x")]
    [InlineData("proxy-authorization: abcdefg", "proxy-authorization: [Filtered]")]
    [InlineData("laravel_session=abcdefghij", "laravel_session=[Filtered]")]
    [InlineData("REDIS_PASS=hunter2", "REDIS_PASS=[Filtered]")]
    [InlineData("bearer: abcdef0123456789", "bearer: [Filtered]")]
    [InlineData("sent Basic amFuZTpxejVm", "sent Basic [token]")]
    [InlineData("nats://Xk29fQ7Lm0a@nats:4222", "nats://[auth]@nats:4222")]
    [InlineData("app:hunter2@tcp(127.0.0.1:3306)/x", "[auth]@tcp([ip]:3306)/x")]
    [InlineData("jdbc:oracle:thin:scott/tiger@db:1521:orcl", "jdbc:oracle:thin:[auth]@db:1521:orcl")]
    public void Scrub_SecretUnderItsName_LeavesTheRest(string text, string expected)
    {
        var scrubbed = ValueScrubber.Scrub(text, TextPlace.Prose);
        Assert.Equal(expected, scrubbed);
        Assert.Equal(expected, ValueScrubber.Scrub(scrubbed, TextPlace.Prose));
    }

    [Theory]
    [InlineData("UPDATE users SET password = ?, token = $1, secret = @p0, api_key = :key, pwd=%s")]
    [InlineData("JOIN sessions s ON s.session_id = u.session_id")]
    [InlineData("login(password: $password) { id }")]
    [InlineData("password=${DB_PASSWORD}")]
    [InlineData("password=<redacted>")]
    [InlineData("org.x.AuthorizationDeniedException: Access Denied")]
    [InlineData("InvalidPasswordException: Password must not contain the user name")]
    [InlineData("- EnvironmentCredential: EnvironmentCredential authentication unavailable.")]
    [InlineData("CredentialUnavailableError: EnvironmentCredential is unavailable. No credential could be used.")]
    [InlineData("Error creating bean with name 'passwordEncoder': Unsatisfied dependency")]
    [InlineData("Password: Passwords must be at least 6 characters.")]
    [InlineData("password: minimum 8 characters required")]
    [InlineData("The password is hashed with bcrypt")]
    [InlineData("Das Passwort ist abgelaufen")]
    [InlineData("secrets \"my-app-tls\" not found")]
    [InlineData("INSERT INTO users (\"password\", \"email\") VALUES (?, ?)")]
    [InlineData("Unknown column 'password' in 'field list'")]
    [InlineData("password: [object Object]")]
    [InlineData("tests pass: 12, fail: 3")]
    [InlineData("(CONNECT_DATA=(SID=ORCL))")]
    [InlineData("process exited, sig=9")]
    [InlineData("token: 401 Unauthorized")]
    [InlineData("Unexpected token: \"}\"")]
    [InlineData("Unexpected token PropertyAssignmentExpression")]
    [InlineData("No handler for scheme Bearer JwtBearerAuthenticationHandler")]
    [InlineData("basic plan2024 is not available")]
    [InlineData("Erlang/OTP: 27.1")]
    [InlineData("Reset your password https://shop.example/Reset1")]
    [InlineData("-----BEGIN PUBLIC KEY----- found where a private key was expected")]
    [InlineData("password:\n  This field may not be blank.")]
    public void Scrub_TalkOfSecrets_StaysAsItIs(string text) => Assert.Equal(text, ValueScrubber.Scrub(text, TextPlace.Prose));

    [Theory]
    [InlineData("row \"Jane\\n4111111111111111\\n12/29\"", "row \"Jane\\n[creditcard]\\n12/29\"")]
    [InlineData(@"{\u0022number\u0022:\u00224111111111111111\u0022,", @"{\u0022number\u0022:\u0022[creditcard]\u0022,")]
    [InlineData(@"{\u0022password\u0022:\u0022hunter2\u0022,", @"{\u0022password\u0022:\u0022[Filtered]\u0022,")]
    [InlineData("GET https://x?p=%7B%22n%22%3A%224111111111111111%22%7D returned 500", "GET https://x?p=%7B%22n%22%3A%22[creditcard]%22%7D returned 500")]
    [InlineData("body password%3Dhunter2%26user%3Djane failed", "body password%3D[Filtered]%26user%3Djane failed")]
    [InlineData("{&quot;password&quot;:&quot;hunter2&quot;}", "{&quot;password&quot;:&quot;[Filtered]&quot;}")]
    [InlineData("no mailbox jane&#x40;example.org here", "no mailbox [email] here")]
    [InlineData(@"C:\new\table\report.txt: 4 rows", @"C:\new\table\report.txt: 4 rows")]
    [InlineData("100%25 of 41%C3%A9 at 5%", "100%25 of 41%C3%A9 at 5%")]
    public void Scrub_EscapedText_FindsWhatStandsBehindAnEscape(string text, string expected) =>
        Assert.Equal(expected, ValueScrubber.Scrub(text, TextPlace.Prose));

    [Theory]
    [InlineData("""{"cpf":"111.444.777-35"}""", """{"cpf":"[Filtered]"}""")]
    [InlineData("""{"numeroDni":"12345678Z"}""", """{"numeroDni":"[dni]"}""")]
    [InlineData("""{"nhs_number":9434765919}""", """{"nhs_number":"[nhs]"}""")]
    [InlineData("""{"steuerId":"86095742719"}""", """{"steuerId":"[taxid]"}""")]
    [InlineData("""{"patientNumber":"00482913"}""", """{"patientNumber":"[mrn]"}""")]
    [InlineData("""{"+14155552671":"55555555"}""", """{"[phone]":"55555555"}""")]
    [InlineData("""{"nir":0.23,"dni":7,"accountCount":12345,"nhs_trust":"9434765910"}""", """{"nir":0.23,"dni":7,"accountCount":12345,"nhs_trust":"9434765910"}""")]
    public void Scrub_NumberThatItsKeyMakesKnown_Goes(string json, string expected)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
        var scrubbed = JsonScrubber.Scrub(document.RootElement);
        Assert.Equal(expected, scrubbed.GetRawText());
        Assert.Equal(expected, JsonScrubber.Scrub(scrubbed).GetRawText());
    }

    [Theory]
    [InlineData("chave 111.444.777-35 recusada", "chave [cpf] recusada")]
    [InlineData("chave 111.444.777-36 recusada", "chave 111.444.777-36 recusada")]
    [InlineData("fornecedor 11.222.333/0001-81", "fornecedor [cnpj]")]
    [InlineData("salarié 2 55 08 14 168 025 38 en double", "salarié [nir] en double")]
    [InlineData("v1.111.444.777-35", "v1.111.444.777-35")]
    public void Scrub_NumberThatIsWrittenAsOne_NeedsNoKeyword(string text, string expected) => Assert.Equal(expected, ValueScrubber.Scrub(text, TextPlace.Prose));

    [Theory]
    [InlineData("Patient(id=5, nhsNumber=9434765919, active=true)", "Patient(id=5, nhsNumber=[nhs], active=true)")]
    [InlineData("cut: {\"id\":5,\"patientBsn\":\"111222333\",\"na", "cut: {\"id\":5,\"patientBsn\":\"[bsn]\",\"na")]
    [InlineData("form codice_fiscale=RSSMRA85T10A562S", "form codice_fiscale=[codicefiscale]")]
    public void Scrub_KeywordInsideAName_MakesTheNumberKnown(string text, string expected) => Assert.Equal(expected, ValueScrubber.Scrub(text, TextPlace.Prose));
}
