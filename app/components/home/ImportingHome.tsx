import { BlockStack, InlineGrid, SkeletonBodyText, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { taskProgress } from "#app/components/shared/progress.ts";
import { WorkStep } from "#app/components/shared/WorkStep.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { TaskProgress } from "#app/queue/progress.ts";

import { TierCardSkeleton } from "./tiers/TierCardSkeleton.tsx";

type Props = { progress: TaskProgress[]; format: Formatting };

/** The dashboard before the first scoring: skeletons and progress. */
export function ImportingHome({ progress, format }: Props) {
  const { t } = useTranslation();
  const tasks = [taskProgress(progress, "import"), taskProgress(progress, "score")];
  const current = tasks.find(({ state }) => state !== "done") ?? tasks[1];
  return (
    <BlockStack gap="400">
      <div className="encore-lead encore-summary" aria-hidden="true">
        <SkeletonBodyText lines={3} />
      </div>
      <WorkStep
        title={t(`progress.${current?.task ?? "score"}`)}
        body={t("progress.intro")}
        tasks={tasks}
        format={format}
      />
      <Text as="p" visuallyHidden>
        {t("progress.loading")}
      </Text>
      <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
        <TierCardSkeleton />
        <TierCardSkeleton />
      </InlineGrid>
    </BlockStack>
  );
}
