import type { CustomerView } from "#app/scoring/views/customer.ts";

/** How the range of a customer's spend is said; amounts as they are shown. */
export type SpendRange =
  | { kind: "nothing" }
  | { kind: "atMost"; high: string }
  | { kind: "between" | "ifAny"; low: string; high: string }
  | { kind: "about" | "ifAnyAbout"; amount: string };

type Figures = Pick<CustomerView, "spendLowMinor" | "spendHighMinor" | "ifAny">;

/**
 * Whoever will probably not buy has a range that begins at nothing, so the spend given an order is
 * said instead. Amounts that look alike once they are shown are said once.
 *
 * @param money shows an amount in minor units
 */
export function spendRange(figures: Figures, money: (minor: number) => string): SpendRange {
  const { spendLowMinor, spendHighMinor, ifAny } = figures;
  const nothing = money(0);
  const shown = (minor: number) => (Math.round(minor) === 0 ? nothing : money(minor));
  if (ifAny && shown(ifAny.highMinor) !== nothing) {
    const [low, high] = [shown(ifAny.lowMinor), shown(ifAny.highMinor)];
    return low === high ? { kind: "ifAnyAbout", amount: high } : { kind: "ifAny", low, high };
  }
  const [low, high] = [shown(spendLowMinor), shown(spendHighMinor)];
  if (high === nothing) return { kind: "nothing" };
  if (low === nothing) return { kind: "atMost", high };
  return low === high ? { kind: "about", amount: high } : { kind: "between", low, high };
}
