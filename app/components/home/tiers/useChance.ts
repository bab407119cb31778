import { useTranslation } from "react-i18next";
import { outOfHundred } from "#app/i18n/formatting.ts";

/** Says a mean probability in plain words: "About 58 of 100 expected to buy". */
export function useChance(): (probability: number | null) => string {
  const { t } = useTranslation();
  return (probability) => {
    if (probability === null) return t("chance.none");
    const { kind, count } = outOfHundred(probability);
    return t(`chance.${kind}`, { count });
  };
}
