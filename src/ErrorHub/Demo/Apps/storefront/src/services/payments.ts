import { Basket } from "../lib/session";

export class PaymentFailedError extends Error {
  constructor(orderId: string, readonly status: number, cause?: unknown) {
    super(`Payment of order ${orderId} failed with status ${status}`, { cause });
    this.name = "PaymentFailedError";
  }
}

export async function createPayment(basket: Basket, total: number, token: string) {
  const response = await fetch(`${process.env.PAYMENTS_URL}/v1/payments`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": basket.id },
    body: JSON.stringify({ source: token, amount: total, orderId: basket.orderId }),
    signal: AbortSignal.timeout(3_000),
  });
  if (response.status >= 500) {
    throw new PaymentFailedError(basket.orderId, response.status);
  }
  const payment = await response.json();
  return { id: payment.id, orderId: payment.order.id };
}
