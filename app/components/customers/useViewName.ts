import { useTranslation } from "react-i18next";

import { useFormatting } from "#app/components/shared/Texts.tsx";
import type { CustomersQuery } from "#app/scoring/views/customers-query.ts";

/** The name of a view. */
export function useViewName(): (query: Pick<CustomersQuery, "view" | "week">) => string {
  const { t } = useTranslation();
  const format = useFormatting({ currency: "USD", timeZone: "UTC" });
  return ({ view, week }) =>
    t(`customers.view.${view}`, { day: week === null ? "" : format.shortDay(week) });
}
