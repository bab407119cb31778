import type { SimPlan } from "#simulator/state.ts";

/** Restore rates per second as documented; the bucket holds 20 seconds' worth, as recorded on Standard. */
function plan(name: string, restoreRate: number, kind: Partial<SimPlan> = {}): SimPlan {
  const maximumAvailable = restoreRate * 20;
  const plain = { shopifyPlus: false, partnerDevelopment: false };
  return { name, restoreRate, maximumAvailable, ...plain, ...kind };
}

export const plans = {
  standard: plan("Basic", 100),
  advanced: plan("Advanced", 200),
  plus: plan("Shopify Plus", 1000, { shopifyPlus: true }),
  enterprise: plan("Shopify for Enterprise", 2000, { shopifyPlus: true }),
  "partner-development": plan("Development", 100, { partnerDevelopment: true }),
} satisfies Record<string, SimPlan>;

export type PlanName = keyof typeof plans;

export function isPlanName(name: string): name is PlanName {
  return Object.hasOwn(plans, name);
}

export const planNames = Object.keys(plans);
