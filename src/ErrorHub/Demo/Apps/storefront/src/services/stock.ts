import { pool } from "../lib/db";

export class OutOfStockError extends Error {
  constructor(readonly sku: string, left: number) {
    super(`Only ${left} of ${sku} left in stock`);
    this.name = "OutOfStockError";
  }
}

export async function reserve(items: { sku: string; quantity: number }[], country: string) {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    for (const item of items) {
      const { rows } = await client.query(
        "UPDATE stock SET reserved = reserved + $2 WHERE sku = $1 AND country = $3 RETURNING on_hand - reserved AS left",
        [item.sku, item.quantity, country],
      );
      if (rows[0].left < 0) {
        throw new OutOfStockError(item.sku, rows[0].left + item.quantity);
      }
    }
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}
