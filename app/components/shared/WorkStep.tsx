import { useFetcher } from "@remix-run/react";
import { BlockStack, Box, Button, Icon, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { AlertTriangleIcon, CheckCircleIcon, ClockIcon } from "@shopify/polaris-icons";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { TaskProgress } from "#app/queue/progress.ts";

import { StepCard } from "./StepCard.tsx";
import { useErrorMessage } from "./useProblem.ts";

type Props = { title: string; body: string; tasks: TaskProgress[]; format: Formatting };

/** Background tasks with their progress, or why they failed. */
export function WorkStep({ title, body, tasks, format }: Props) {
  return (
    <StepCard title={title}>
      <Text as="p" tone="subdued">
        {body}
      </Text>
      <BlockStack gap="300">
        {tasks.map((progress) => (
          <TaskLine key={progress.task} progress={progress} format={format} />
        ))}
      </BlockStack>
    </StepCard>
  );
}

const icons = {
  waiting: ClockIcon,
  running: ClockIcon,
  done: CheckCircleIcon,
  failed: AlertTriangleIcon,
};
const tones = { waiting: "subdued", running: "info", done: "success", failed: "critical" } as const;

function TaskLine({ progress, format }: { progress: TaskProgress; format: Formatting }) {
  const { t } = useTranslation();
  const message = useErrorMessage();
  const label = `task-${progress.task}`;
  const share = shareOf(progress);
  return (
    <BlockStack gap="100">
      <InlineStack gap="200" align="space-between" blockAlign="center">
        <InlineStack gap="200" blockAlign="center">
          <Box>
            <Icon source={icons[progress.state]} tone={tones[progress.state]} />
          </Box>
          <Text as="span" id={label}>
            {t(`progress.${progress.task}`)}
          </Text>
        </InlineStack>
        <Text as="span" tone="subdued" numeric>
          <Figures progress={progress} share={share} format={format} />
        </Text>
      </InlineStack>
      {progress.state === "running" && progress.total === null ? (
        <div className="encore-working" aria-hidden="true" />
      ) : (
        <ProgressBar progress={Math.round(share * 100)} size="small" ariaLabelledBy={label} />
      )}
      {progress.state === "failed" && (
        <InlineStack gap="300" align="space-between" blockAlign="center">
          <Text as="p" tone="critical">
            {t("progress.failed")}. {message(progress.errorCode)}
          </Text>
          <RetryButton task={progress.task} />
        </InlineStack>
      )}
    </BlockStack>
  );
}

/** Retries a failed task, for failures that do not resolve themselves. */
export function RetryButton({ task }: { task: TaskProgress["task"] }) {
  const { t } = useTranslation();
  const fetcher = useFetcher({ key: `retry ${task}` });
  return (
    <Button
      loading={fetcher.state !== "idle"}
      accessibilityLabel={`${t("progress.retry")}: ${t(`progress.${task}`)}`}
      onClick={() => {
        fetcher.submit({ intent: "retry", task }, { method: "post", action: "/app?index" });
      }}
    >
      {t("progress.retry")}
    </Button>
  );
}

type FiguresProps = { progress: TaskProgress; share: number; format: Formatting };

function Figures({ progress, share, format }: FiguresProps) {
  const { t } = useTranslation();
  const { task, done, total, state } = progress;
  if (state === "waiting") return null;
  if (task !== "import") return format.percent(share);
  return total === null ? t("progress.orders", { count: done }) : t("progress.of", { done, total });
}

function shareOf({ state, done, total }: TaskProgress): number {
  if (state === "done") return 1;
  return total ? Math.min(1, done / total) : 0;
}
