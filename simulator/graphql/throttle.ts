import type { SimShop } from "#simulator/state.ts";

type ThrottleStatus = {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
};

/** The maximum of a single request, however full the bucket is. */
export const maximumRequestCost = 1000;

/** Refills the leaky bucket up to `now`, in milliseconds of real time. */
function refill(shop: SimShop, now: number): void {
  const { maximumAvailable, restoreRate } = shop.plan;
  const restored = (Math.max(0, now - shop.throttle.at) / 1000) * restoreRate;
  shop.throttle.available = Math.min(maximumAvailable, shop.throttle.available + restored);
  shop.throttle.at = now;
}

/** Reserves the requested points; false if the bucket does not have them. */
export function reserve(shop: SimShop, points: number, now: number): boolean {
  refill(shop, now);
  if (shop.throttle.available < points) return false;
  shop.throttle.available -= points;
  return true;
}

/** Refunds what was reserved and not used. */
export function refund(shop: SimShop, points: number): void {
  const { maximumAvailable } = shop.plan;
  shop.throttle.available = Math.min(maximumAvailable, shop.throttle.available + points);
}

export function throttleStatus(shop: SimShop): ThrottleStatus {
  return {
    maximumAvailable: shop.plan.maximumAvailable,
    currentlyAvailable: Math.floor(shop.throttle.available),
    restoreRate: shop.plan.restoreRate,
  };
}
