import { Router } from "express";
import { requireBasket } from "../lib/session";
import { priceOf } from "../services/pricing";
import { createPayment } from "../services/payments";
import { reserve } from "../services/stock";

export const checkout = Router();

checkout.post("/checkout", async (req, res, next) => {
  try {
    const basket = await requireBasket(req);
    const total = priceOf(basket, req.body.coupon);
    const address = req.body.shipping.address;
    await reserve(basket.items, address.country);
    const payment = await createPayment(basket, total, req.body.card.token);
    req.session.lastOrder = payment.orderId;
    res.redirect(303, `/orders/${payment.orderId}`);
  } catch (error) {
    next(error);
  }
});

checkout.get("/orders/:id", async (req, res, next) => {
  try {
    const order = await loadOrder(req.params.id, req.session.userId);
    const eta = new Date(order.shipment.estimatedDelivery).toISOString();
    res.render("order", { order, eta });
  } catch (error) {
    next(error);
  }
});

async function loadOrder(id: string, userId: string) {
  const response = await fetch(`${process.env.ORDERS_URL}/orders/${id}`, { headers: { "x-user": userId } });
  if (!response.ok) {
    throw new OrderNotFoundError(`Order ${id} was not found for this customer`);
  }
  return response.json();
}

export class OrderNotFoundError extends Error {}
