// What Sentry's documentation tells a Node app to load first. The DSN, release and environment come from the SDK's own variables.
const Sentry = require("@sentry/node");

Sentry.init({
  dsn: process.env.SENTRY_DSN,
  release: process.env.SENTRY_RELEASE,
  environment: process.env.SENTRY_ENVIRONMENT,
  sendDefaultPii: true,
});
