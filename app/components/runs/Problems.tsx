import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { UnreadableOrders } from "#app/components/shared/UnreadableOrders.tsx";
import { useErrorMessage } from "#app/components/shared/useProblem.ts";
import { RetryButton } from "#app/components/shared/WorkStep.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import { progressOf } from "#app/queue/progress.ts";
import type { TaskName } from "#app/queue/task-names.ts";
import type { FailedTask, RunsView } from "#app/scoring/views/runs.ts";

/** Keys of the tasks' names in the texts. */
const names = {
  "shop.follow": "shop",
  "shop.departure": "departure",
  "orders.import": "import",
  "orders.follow": "follow",
  "orders.reconcile": "check",
  "scoring.run": "score",
  "scoring.rescore": "rescore",
  "scoring.exclude": "exclude",
  "writeback.push": "write",
  "writeback.cleanup": "cleanup",
  "segments.check": "segments",
  "privacy.handle": "privacy",
  "privacy.purge": "purge",
} as const satisfies Record<TaskName, string>;

/** What failed, why, and what can be done; then the orders that could not be read. */
export function Problems({ view, format }: { view: RunsView; format: Formatting }) {
  const { t } = useTranslation();
  const { failed, unreadable } = view;
  return (
    <section aria-labelledby="problems">
      <Card>
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd" id="problems">
            {t("runs.problems")}
          </Text>
          {failed.map((task) => (
            <Failed key={task.task} failed={task} format={format} />
          ))}
          {unreadable.orders > 0 && (
            <div>
              <UnreadableOrders unreadable={unreadable} />
            </div>
          )}
        </BlockStack>
      </Card>
    </section>
  );
}

function Failed({ failed, format }: { failed: FailedTask; format: Formatting }) {
  const { t } = useTranslation();
  const message = useErrorMessage();
  const { task, errorCode, at, againAt } = failed;
  const shown = progressOf(task);
  return (
    <InlineStack gap="300" align="space-between" blockAlign="center">
      <BlockStack gap="050">
        <Text as="h3" variant="headingSm">
          {t(`runs.task.${names[task]}`)}
        </Text>
        <Text as="p" tone="critical">
          {message(errorCode)}
        </Text>
        <Text as="p" tone="subdued">
          {t("runs.again", { at: format.moment(at), again: format.moment(againAt) })}
        </Text>
      </BlockStack>
      {shown && <RetryButton task={shown} />}
    </InlineStack>
  );
}
