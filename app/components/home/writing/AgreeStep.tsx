import { Link, useFetcher } from "@remix-run/react";
import { Button, InlineStack, List, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { StepCard } from "#app/components/shared/StepCard.tsx";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

/** Id of the text that explains why segments cannot be created yet. */
export const SEGMENTS_BLOCKED = "segments-blocked";

/**
 * The dry run: what would be written, and the button by which the merchant agrees. After a clean-up
 * it shows the result of that first.
 */
export function AgreeStep({ writing: { plan, removed } }: { writing: WritingView }) {
  const { t } = useTranslation();
  const fetcher = useFetcher({ key: "agree" });
  const again = removed !== null;
  return (
    <StepCard title={again ? t(`writing.removedTitle.${removed}`) : t("writing.askTitle")}>
      {removed === "some" && (
        <Text as="p">
          <Link to="/app/settings">{t("writing.seeLeft")}</Link>
        </Text>
      )}
      <Text as="p">
        {again
          ? t("writing.againIntro", { count: plan.customers })
          : t("writing.askIntro", { count: plan.customers })}
      </Text>
      <List>
        <List.Item>{t("writing.tags", { count: plan.tagsToAdd })}</List.Item>
        <List.Item>{t("writing.metafields", { count: plan.metafieldsToSet })}</List.Item>
      </List>
      <Text as="p" tone="subdued">
        {t("writing.where")} {t("writing.untouched")}
      </Text>
      <InlineStack gap="300" blockAlign="center">
        <Button
          variant="primary"
          loading={fetcher.state !== "idle"}
          onClick={() => {
            fetcher.submit({ intent: "agree" }, { method: "post", action: "/app?index" });
          }}
        >
          {again ? t("writing.startAgain") : t("writing.start")}
        </Button>
        <Text as="p" tone="subdued" id={SEGMENTS_BLOCKED}>
          {t("segment.afterwards")}
        </Text>
      </InlineStack>
    </StepCard>
  );
}
