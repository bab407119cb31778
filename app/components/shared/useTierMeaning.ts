import { useTranslation } from "react-i18next";

import type { Axis, Tier } from "#engine";

/** The meaning of a tier in words; for likelihood, relative to the store. */
export function useTierMeaning(): (axis: Axis, tier: Tier) => string {
  const { t } = useTranslation();
  return (axis, tier) => {
    const sense = t(`sense.${axis}.${tier}`);
    return axis === "clv" || tier === "new" ? sense : `${sense} · ${t(`relative.${tier}`)}`;
  };
}
