import { useTranslation } from "react-i18next";

import type { Target } from "#app/campaigns/target.ts";

export type TargetTexts = {
  /** For example "Purchase likelihood: High". */
  title: string;
  /** The same inside a sentence, for example "Purchase likelihood, High". */
  label: string;
  /** Who the customers are, in a sentence. */
  who: (count: number, days: number) => string;
  /** The default name of the target's segment. */
  segmentName: string;
};

/** What a target is called. */
export function useTargetTexts(target: Target): TargetTexts {
  const { t } = useTranslation();
  if (target.axis !== "grid") {
    const { axis, tier } = target;
    const names = { axis: t(`axis.${axis}`), tier: t(`tier.${tier}`) };
    return {
      title: t("target.title", names),
      label: t("target.label", names),
      who: (count, days) => t(`target.who.${axis}.${tier}`, { count, days }),
      segmentName: t(`segment.name.${axis}.${tier}`),
    };
  }
  const { clv, buy } = target;
  const names = { clv: t(`grid.word.${clv}`), buy: t(`grid.word.${buy}`) };
  return {
    title: t("target.cellTitle", names),
    label: t("target.cellTitle", names),
    who: (count, days) => t("target.who.cell", { count, days, ...names }),
    segmentName: t("segment.name.cell", names),
  };
}
