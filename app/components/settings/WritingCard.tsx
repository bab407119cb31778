import { Link, useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, List, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { usePausedSegments } from "#app/components/shared/usePausedSegments.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

type Props = { writing: WritingView; format: Formatting };

/** Pauses and resumes writing, and shows what would be written now. */
export function WritingCard({ writing, format }: Props) {
  const { t } = useTranslation();
  const { agreedAt, pausedAt } = writing;
  return (
    <section aria-labelledby="writing">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="writing">
            {t("settings.writing.title")}
          </Text>
          <div role="status">
            <BlockStack gap="200">
              <State writing={writing} format={format} />
            </BlockStack>
          </div>
          {agreedAt !== null && <PauseButton paused={pausedAt !== null} />}
          <Text as="p" tone="subdued">
            {t("settings.writing.consequences")}
          </Text>
        </BlockStack>
      </Card>
    </section>
  );
}

function State({ writing: { agreedAt, pausedAt, plan }, format }: Props) {
  const { t } = useTranslation();
  const segments = usePausedSegments();
  if (agreedAt === null) {
    return (
      <>
        <Text as="p">
          {plan.customers === 0
            ? t("settings.writing.nothing")
            : t("settings.writing.off", { count: plan.customers })}
        </Text>
        <Plan plan={plan} />
        <Link to="/app">{t("app.backHome")}</Link>
      </>
    );
  }
  if (pausedAt === null) return <Text as="p">{t("settings.writing.on")}</Text>;
  return (
    <>
      <Text as="p" fontWeight="semibold">
        {t("settings.writing.waiting", { count: plan.customers })}
      </Text>
      <Plan plan={plan} />
      <Text as="p">{segments({ pausedAt, format })}</Text>
    </>
  );
}

function Plan({ plan }: Pick<WritingView, "plan">) {
  const { t } = useTranslation();
  if (plan.customers === 0) return null;
  return (
    <List>
      <List.Item>{t("settings.writing.tagsToAdd", { count: plan.tagsToAdd })}</List.Item>
      <List.Item>{t("settings.writing.tagsToRemove", { count: plan.tagsToRemove })}</List.Item>
      <List.Item>
        {t("settings.writing.metafields", {
          count: plan.metafieldsToSet + plan.metafieldsToDelete,
        })}
      </List.Item>
    </List>
  );
}

/** One button for both, so that it keeps the focus. */
function PauseButton({ paused }: { paused: boolean }) {
  const { t } = useTranslation();
  const fetcher = useFetcher({ key: "pause writing" });
  return (
    <InlineStack>
      <Button
        loading={fetcher.state !== "idle"}
        onClick={() => {
          fetcher.submit({ intent: paused ? "resume" : "pause" }, { method: "post" });
        }}
      >
        {paused ? t("settings.writing.resume") : t("settings.writing.pause")}
      </Button>
    </InlineStack>
  );
}
