import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { VerdictView } from "#app/scoring/views/accuracy.ts";
import { isOff, type Trust } from "#app/scoring/views/trust.ts";

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
  const when = { days, day: format.day(asOf) };
  return { verdict, meaning: meaningOf(trust, t, { ...when, percent: format.percent }) };
}

type When = { days: number; day: string; percent: Formatting["percent"] };

function meaningOf({ state, level }: Trust, t: TFunction, { percent, ...when }: When): string {
  if (state !== "level") return t(`accuracy.trust.${state}`);
  // There is a level where it is said to be off.
  if (level === null) return t("accuracy.trust.good");
  const of = isOff(level.buyers) ? "buyers" : "spend";
  const side = level[of] > 1 ? "many" : "few";
  // By how much more, or less, than expected.
  const share = percent(Math.abs(1 / level[of] - 1));
  return t(`accuracy.trust.${of}.${side}`, { ...when, share });
}
