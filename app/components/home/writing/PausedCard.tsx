import { Link } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { usePausedSegments } from "#app/components/shared/usePausedSegments.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

/** Says that writing is paused, who waits for it, and what segments show meanwhile. */
export function PausedCard({ writing, format }: { writing: WritingView; format: Formatting }) {
  const { t } = useTranslation();
  const segments = usePausedSegments();
  const id = useId();
  const { pausedAt, plan } = writing;
  if (pausedAt === null) return null;
  return (
    <section aria-labelledby={id}>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id={id}>
            {t("settings.writing.pausedTitle")}
          </Text>
          <Text as="p">
            {t("settings.writing.waiting", { count: plan.customers })}{" "}
            {segments({ pausedAt, format })}
          </Text>
          <Link to="/app/settings#writing" className="encore-help">
            {t("settings.writing.toSettings")}
          </Link>
        </BlockStack>
      </Card>
    </section>
  );
}
