FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# The project files alone first: restoring is cached until one of them changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/ErrorHub.Protocol/*.csproj src/ErrorHub.Protocol/
COPY src/ErrorHub/*.csproj src/ErrorHub/
COPY src/ErrorHub.Storage.PostgreSql/*.csproj src/ErrorHub.Storage.PostgreSql/
COPY src/ErrorHub.Storage.Sqlite/*.csproj src/ErrorHub.Storage.Sqlite/
COPY migrations/PostgreSql/*.csproj migrations/PostgreSql/
COPY migrations/Sqlite/*.csproj migrations/Sqlite/
COPY web/*.csproj web/
RUN dotnet restore web
COPY .editorconfig ./
COPY src src
COPY migrations migrations
COPY web web
RUN dotnet publish web -c Release --no-restore -o /errorhub

# Not older than 10.0.14: below it the runtime's Brotli decoder is unsafe, and ErrorHub refuses Brotli bodies.
FROM mcr.microsoft.com/dotnet/aspnet:10.0.15
COPY --from=build /errorhub /errorhub
RUN mkdir /data && chown app:app /data
ENV ASPNETCORE_HTTP_PORTS= \
    ASPNETCORE_URLS=http://*:9000 \
    ErrorHub__BaseUrl=http://localhost:9000 \
    ErrorHub__DataDirectory=/data
WORKDIR /errorhub
USER app
VOLUME /data
EXPOSE 9000
# The image has no curl; bash speaks enough HTTP.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/9000 && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["/errorhub/errorhub"]
