import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { Ranged } from "#app/scoring/views/calendar.ts";

export type RangedTexts = {
  expected: string;
  /** For example `33 to 50`. */
  range: string;
};

/** A figure and its range in words. Counts are whole, and their range is widened to whole numbers. */
export function useRanged(format: Formatting) {
  const { t } = useTranslation();
  const between = (low: string, high: string) => t("calendar.range", { low, high });
  return {
    count: ({ expected, low, high }: Ranged): RangedTexts => ({
      expected: format.number(Math.round(expected)),
      range: between(format.number(Math.floor(low)), format.number(Math.ceil(high))),
    }),
    amount: ({ expected, low, high }: Ranged): RangedTexts => ({
      expected: format.money(Math.round(expected)),
      range: between(format.money(Math.round(low)), format.money(Math.round(high))),
    }),
  };
}
