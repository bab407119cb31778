import type { SimPlan } from "#simulator/state.ts";

/** Restore rates per second as documented; the bucket holds 20 seconds' worth, as recorded on Standard. */
function plan(name: string, restoreRate: number, shopifyPlus = false): SimPlan {
  return { name, shopifyPlus, restoreRate, maximumAvailable: restoreRate * 20 };
}

export const plans = {
  standard: plan("Basic", 100),
  advanced: plan("Advanced", 200),
  plus: plan("Shopify Plus", 1000, true),
  enterprise: plan("Shopify for Enterprise", 2000, true),
} satisfies Record<string, SimPlan>;

export type PlanName = keyof typeof plans;

export function isPlanName(name: string): name is PlanName {
  return Object.hasOwn(plans, name);
}
