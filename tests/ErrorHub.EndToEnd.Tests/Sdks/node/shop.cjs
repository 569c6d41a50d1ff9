// A web shop with two bugs. `node shop.cjs charge 1001 charge 1002 stock` asks it for each in turn, over HTTP, and ends.
require("./instrument.cjs");
const http = require("node:http");
const Sentry = require("@sentry/node");

class PaymentError extends Error {
  name = "PaymentError";
}

function chargeOrder(orderNumber) {
  console.warn("the payment provider is slow");
  throw new PaymentError(`Order ${orderNumber} could not be charged`);
}

function reserveStock(basket) {
  return basket.items.map((item) => item.id);
}

const server = http.createServer((request, response) => {
  Sentry.setUser({ id: "42", email: "ada@example.com" });
  Sentry.setTag("shop", "berlin");
  Sentry.addBreadcrumb({ category: "cart", message: "basket opened", level: "info" });
  const [, route, argument] = new URL(request.url, "http://localhost").pathname.split("/");
  try {
    if (route === "charge") chargeOrder(argument);
    else reserveStock({});
  } catch (error) {
    Sentry.captureException(error);
    response.statusCode = 500;
  }
  response.end();
});

async function ask(path) {
  const { port } = server.address();
  await fetch(`http://127.0.0.1:${port}${path}?currency=EUR`, { headers: { "x-shop": "berlin" } });
}

server.listen(0, "127.0.0.1", async () => {
  const args = process.argv.slice(2);
  while (args.length > 0) {
    const scenario = args.shift();
    await ask(scenario === "charge" ? `/charge/${args.shift()}` : `/${scenario}`);
    // The SDK sends on several connections at once: without this, the second error may arrive first.
    await Sentry.flush(10_000);
  }
  const sent = await Sentry.close(10_000);
  server.close();
  process.exitCode = sent ? 0 : 1;
});
