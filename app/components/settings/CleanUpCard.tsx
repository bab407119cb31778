import { Link, useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, List, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type CleanUpView, isWorthRetrying, type LeftOver } from "#app/campaigns/clean-up.ts";
import { ConfirmDialog } from "#app/components/shared/ConfirmDialog.tsx";
import { useErrorMessage } from "#app/components/shared/useProblem.ts";
import { WorkStep } from "#app/components/shared/WorkStep.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { TaskProgress } from "#app/queue/progress.ts";

type Props = {
  /** Null when there never was a clean-up. */
  cleanUp: CleanUpView | null;
  /** Whether the merchant agreed to writing: then there is something to remove again. */
  agreed: boolean;
  progress: TaskProgress;
  format: Formatting;
};

/** Starts the clean-up after a confirmation, and shows its progress or result. */
export function CleanUpCard({ cleanUp, agreed, progress, format }: Props) {
  const { t } = useTranslation();
  if (cleanUp && cleanUp.finishedAt === null) {
    return (
      <WorkStep
        title={t("cleanUp.runningTitle")}
        body={t("writing.runningBody")}
        tasks={[progress]}
        format={format}
      />
    );
  }
  const over = agreed ? null : cleanUp;
  const again = over !== null && isWorthRetrying(over.left);
  return (
    <section aria-labelledby="clean-up">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="clean-up">
            {t("cleanUp.title")}
          </Text>
          {over?.finishedAt ? (
            <Report cleanUp={over} at={format.moment(over.finishedAt)} />
          ) : (
            <Text as="p">{t("cleanUp.body")}</Text>
          )}
          {(over === null || again) && <Ask again={again} />}
        </BlockStack>
      </Card>
    </section>
  );
}

function Ask({ again }: { again: boolean }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const fetcher = useFetcher({ key: "clean up" });
  const start = () => {
    fetcher.submit({ intent: "clean-up" }, { method: "post" });
  };
  return (
    <>
      <InlineStack>
        <Button
          tone="critical"
          loading={fetcher.state !== "idle"}
          onClick={() => {
            if (again) start();
            else setAsking(true);
          }}
        >
          {again ? t("cleanUp.again") : t("cleanUp.start")}
        </Button>
      </InlineStack>
      <ConfirmDialog
        open={asking}
        title={t("cleanUp.askTitle")}
        body={[t("cleanUp.askWhat"), t("cleanUp.askFlows"), t("cleanUp.askAfter")]}
        confirm={t("cleanUp.confirm")}
        destructive
        onConfirm={start}
        onClose={() => {
          setAsking(false);
        }}
      />
    </>
  );
}

function Report({ cleanUp, at }: { cleanUp: CleanUpView; at: string }) {
  const { t } = useTranslation();
  const { customers, segments, definitions, left } = cleanUp;
  const lineOf = useLine();
  return (
    <div role="status">
      <BlockStack gap="200">
        <Text as="h3" variant="headingSm">
          {left.length === 0 ? t("cleanUp.allRemoved", { at }) : t("cleanUp.someLeft", { at })}
        </Text>
        <List>
          <List.Item>{t("cleanUp.customers", { count: customers })}</List.Item>
          <List.Item>{t("cleanUp.segments", { count: segments })}</List.Item>
          <List.Item>{t("cleanUp.definitions", { count: definitions })}</List.Item>
        </List>
        {left.length > 0 && (
          <>
            <Text as="p">{t("cleanUp.left")}</Text>
            <List>
              {left.map((one) => (
                <List.Item key={lineOf(one)}>{lineOf(one)}</List.Item>
              ))}
            </List>
          </>
        )}
        <Text as="p">
          {t("cleanUp.stopped")} <Link to="/app">{t("app.backHome")}</Link>
        </Text>
      </BlockStack>
    </div>
  );
}

/** Puts a left-over and its reason into words. */
function useLine(): (left: LeftOver) => string {
  const { t } = useTranslation();
  const message = useErrorMessage();
  return (left) => {
    if (left.kind === "customers") {
      const customers = t("row.customers", { count: left.customers });
      return t("writing.failure", { reason: message(left.code), customers });
    }
    if (left.kind === "definition") return t("cleanUp.leftDefinition", left);
    if (left.reason === "refused") return t("cleanUp.leftSegment.refused", left);
    return t(`cleanUp.leftSegment.${left.reason}`, left);
  };
}
