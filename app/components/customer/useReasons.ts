import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { CustomerView } from "#app/scoring/views/customer.ts";
import type { Fact } from "#engine";

/** Up to this many of the store's usual gaps without an order are normal. */
const NORMAL_GAPS = 1.5;

/** Puts the facts that explain a customer's tiers into sentences. */
export function useReasons(format: Formatting): (view: CustomerView) => string[] {
  const { t } = useTranslation();
  return ({ reasons, usualGapDays }) =>
    reasons.map((fact) => t(`customer.reason.${keyOf(fact, usualGapDays)}`, figures(fact, format)));
}

/** An order that is late for the customer may still be normal for the store. */
function keyOf({ code, customer }: Fact, usualGapDays: number | null) {
  if (code !== "order-late" && code !== "order-very-late") return code;
  const normal = usualGapDays !== null && customer <= NORMAL_GAPS * usualGapDays;
  return normal ? (`${code}-here` as const) : code;
}

function figures({ code, customer, typical }: Fact, format: Formatting) {
  const of = (show: (value: number) => string) => ({
    own: show(customer),
    ago: show(customer),
    typical: show(typical ?? customer),
  });
  switch (code) {
    case "spends-more":
    case "spends-as-usual":
    case "spends-less":
      return of(format.money);
    case "many-orders":
      return of(format.average);
    default:
      return { ...of(format.duration), ago: format.daysAgo(customer) };
  }
}
