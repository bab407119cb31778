import { useTranslation } from "react-i18next";
import type { Axis, Tier } from "#engine";

/** Says what a tier means; tiers of likelihood are relative to the store, and say so. */
export function useSense(): (axis: Axis, tier: Tier) => string {
  const { t } = useTranslation();
  return (axis, tier) => {
    const sense = t(`sense.${axis}.${tier}`);
    return axis === "clv" || tier === "new" ? sense : `${sense} · ${t(`relative.${tier}`)}`;
  };
}
