import { Badge } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Axis, Tier } from "#engine";

const tones = { high: "success", moderate: "info", low: "attention", new: undefined } as const;

type Props = {
  axis: Axis;
  tier: Tier;
  /** Whether the badge names its axis, where nothing beside it does. */
  named?: boolean;
};

export function TierBadge({ axis, tier, named = false }: Props) {
  const { t } = useTranslation();
  const tone = tones[tier];
  const short = t(`customers.axis.${axis}`);
  return (
    <span className="encore-badge">
      <Badge {...(tone ? { tone, toneAndProgressLabelOverride: t(`axis.${axis}`) } : {})}>
        {named ? t("customers.badge", { axis: short, tier: t(`tier.${tier}`) }) : t(`tier.${tier}`)}
      </Badge>
    </span>
  );
}
