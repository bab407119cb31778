import { Link } from "@remix-run/react";
import { Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { StepCard } from "#app/components/shared/StepCard.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

/** Says that writing is paused, who waits for it, and what segments show meanwhile. */
export function PausedStep({ writing, format }: { writing: WritingView; format: Formatting }) {
  const { t } = useTranslation();
  const { pausedAt, plan } = writing;
  if (pausedAt === null) return null;
  return (
    <StepCard title={t("settings.writing.pausedTitle")}>
      <Text as="p">
        {t("settings.writing.waiting", { count: plan.customers })}{" "}
        {t("settings.writing.segments", { at: format.moment(pausedAt) })}{" "}
        {t("settings.writing.emptying")}
      </Text>
      <Link to="/app/settings#writing" className="encore-help">
        {t("settings.writing.toSettings")}
      </Link>
    </StepCard>
  );
}
