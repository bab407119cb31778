import { Button, InlineStack, List, Text } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { StepCard } from "#app/components/shared/StepCard.tsx";
import { openInAdmin } from "#app/components/shared/useSegmentCreation.ts";
import { WorkStep } from "#app/components/shared/WorkStep.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { TaskProgress } from "#app/queue/progress.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

import { AgreeStep } from "./AgreeStep.tsx";

type Props = {
  writing: WritingView;
  write: TaskProgress;
  customers: number;
  format: Formatting;
};

/** The step from the dry run to the end of the first write. */
export function WritingStep(props: Props) {
  const step = useFocusAfter(props.writing.agreedAt !== null);
  return (
    <div ref={step} tabIndex={-1} className="encore-focus">
      <CurrentStep {...props} />
    </div>
  );
}

function CurrentStep({ writing, write, customers, format }: Props) {
  const { t } = useTranslation();
  if (writing.agreedAt === null) return <AgreeStep writing={writing} />;
  if (write.state === "done") return <WrittenStep customers={customers} />;
  return (
    <WorkStep
      title={t("writing.runningTitle")}
      body={t("writing.runningBody")}
      tasks={[write]}
      format={format}
    />
  );
}

/** Moves the focus to the next step when the pressed button disappears with its step. */
function useFocusAfter(agreed: boolean) {
  const step = useRef<HTMLDivElement>(null);
  const before = useRef(agreed);
  useEffect(() => {
    if (agreed && !before.current) step.current?.focus();
    before.current = agreed;
  }, [agreed]);
  return step;
}

function WrittenStep({ customers }: { customers: number }) {
  const { t } = useTranslation();
  return (
    <StepCard title={t("writing.doneTitle")}>
      <Text as="p">{t("writing.doneBody", { count: customers })}</Text>
      <List>
        <List.Item>{t("writing.doneSegments")}</List.Item>
        <List.Item>{t("writing.doneTools")}</List.Item>
        <List.Item>{t("writing.doneOrders")}</List.Item>
      </List>
      <InlineStack>
        <Button
          onClick={() => {
            openInAdmin("shopify://admin/customers");
          }}
        >
          {t("writing.seeCustomers")}
        </Button>
      </InlineStack>
    </StepCard>
  );
}
