import { Button, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { Target } from "#app/campaigns/target.ts";
import { useSegmentCreation } from "./useSegmentCreation.ts";

type Props = { target: Target; disabled: boolean; describedBy?: string | undefined };

/**
 * Makes the segment of a tier in one click. Afterwards the same button opens it, so that the
 * keyboard's focus stays where it was.
 */
export function SegmentButton({ target, disabled, describedBy }: Props) {
  const { t } = useTranslation();
  const creation = useSegmentCreation(target);
  const names = { axis: t(`axis.${target.axis}`), tier: t(`tier.${target.tier}`) };
  return (
    <>
      {creation.problem && (
        <Text as="span" tone="critical">
          {creation.problem}
        </Text>
      )}
      {creation.segment ? (
        <Button
          key="segment"
          onClick={creation.open}
          accessibilityLabel={t("segment.openFor", names)}
        >
          {t("segment.open")}
        </Button>
      ) : (
        <Button
          key="segment"
          onClick={creation.create}
          loading={creation.creating}
          disabled={disabled}
          accessibilityLabel={t("segment.createFor", names)}
          {...(describedBy ? { ariaDescribedBy: describedBy } : {})}
        >
          {t("segment.create")}
        </Button>
      )}
    </>
  );
}
