import { Button } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Target } from "#app/campaigns/target.ts";

import type { SegmentCreation } from "./useSegmentCreation.ts";
import { useTargetTexts } from "./useTargetTexts.ts";

type Props = {
  target: Target;
  creation: SegmentCreation;
  /**
   * Id of the element that explains why segments cannot be created yet; undefined when they can.
   */
  blockedBy: string | undefined;
};

/**
 * Creates the segment of a tier in one click. Afterwards the same button opens it, so that it keeps
 * the focus.
 */
export function SegmentButton({ target, creation, blockedBy }: Props) {
  const { t } = useTranslation();
  const { label } = useTargetTexts(target);
  if (creation.segment) {
    return (
      <Button
        key="segment"
        onClick={creation.open}
        accessibilityLabel={t("segment.openFor", { label })}
      >
        {t("segment.open")}
      </Button>
    );
  }
  return (
    <Button
      key="segment"
      onClick={creation.create}
      loading={creation.creating}
      disabled={blockedBy !== undefined}
      accessibilityLabel={t("segment.createFor", { label })}
      {...(blockedBy ? { ariaDescribedBy: blockedBy } : {})}
    >
      {t("segment.create")}
    </Button>
  );
}
