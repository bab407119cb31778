import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { VerdictView } from "#app/scoring/views/accuracy.ts";

type Judged = Omit<VerdictView, "newest"> & {
  newest: Pick<NonNullable<VerdictView["newest"]>, "asOf" | "horizonDays" | "tiers"> | null;
};

/** What the newest judged week says in a sentence, and what that means. */
export function useVerdict(
  { trust, newest, nextVerdictOn }: Judged,
  format: Formatting,
): { verdict: string; meaning: string } {
  const { t } = useTranslation();
  if (!newest) {
    const verdict =
      nextVerdictOn === null
        ? t("accuracy.none")
        : t("accuracy.untested", { day: format.day(nextVerdictOn) });
    return { verdict, meaning: t("accuracy.trust.untested") };
  }
  const share = (name: string) => {
    const outcome = newest.tiers.buy.find(({ tier }) => tier === name);
    if (!outcome || outcome.customers === 0) return "–";
    return format.percent(outcome.buyers / outcome.customers);
  };
  const { horizonDays: days, asOf } = newest;
  const verdict = t("accuracy.verdict", {
    days,
    day: format.day(asOf),
    high: share("high"),
    moderate: share("moderate"),
    low: share("low"),
  });
  const level = trust.level ?? 1;
  const state = trust.state === "level" ? (level > 1 ? "many" : "few") : trust.state;
  const off = format.percent(Math.abs(level - 1));
  return { verdict, meaning: t(`accuracy.trust.${state}`, { share: off }) };
}
