import { Basket } from "../lib/session";

const coupons = new Map<string, (total: number) => number>();

export function priceOf(basket: Basket, coupon?: string): number {
  const total = basket.items.reduce((sum, item) => sum + item.price.amount * item.quantity, 0);
  if (!coupon) {
    return total;
  }
  const discount = coupons.get(coupon.toUpperCase());
  return discount(total);
}

export function formatPrice(amount: number, currency: string): string {
  return new Intl.NumberFormat("en", { style: "currency", currency }).format(amount / 100);
}

export function bundlePrice(items: Basket["items"]): number {
  return items.reduce((sum, item) => sum + (item.bundle ? bundlePrice(item.bundle.items) : item.price.amount), 0);
}
