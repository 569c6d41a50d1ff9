import { Request } from "express";
import { redis } from "./cache";

export interface Basket {
  id: string;
  orderId: string;
  items: { sku: string; quantity: number; price: { amount: number; currency: string }; bundle?: Basket }[];
}

export async function requireBasket(req: Request): Promise<Basket> {
  const stored = await redis.get(`basket:${req.session.basketId}`);
  const basket = JSON.parse(stored);
  if (basket.items.length === 0) {
    throw new RangeError("The basket is empty");
  }
  return basket;
}

export function decodeToken(cookie: string): { userId: string } {
  const [, payload] = cookie.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
}
