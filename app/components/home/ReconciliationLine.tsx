import { useFetcher } from "@remix-run/react";
import { Button } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useErrorMessage } from "#app/components/shared/useProblem.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { ReconciliationView } from "#app/orders/reconcile/reconciliation-runs.server.ts";
import type { TaskProgress } from "#app/queue/progress.ts";

type Props = {
  /** Null before the first reconciliation run. */
  check: ReconciliationView | null;
  /** Undefined before the first run was enqueued. */
  progress: TaskProgress | undefined;
  format: Formatting;
};

/** The result of the last reconciliation run, with a button for another. */
export function ReconciliationLine({ check, progress, format }: Props) {
  const { t } = useTranslation();
  const errorMessage = useErrorMessage();
  const fetcher = useFetcher();
  const findings = useFindings(format);
  const { state, done = 0 } = progress ?? {};
  const working = fetcher.state !== "idle" || state === "running" || state === "waiting";
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="check" />
      <span role="status">
        {working && `${done > 0 ? t("check.running", { count: done }) : t("check.begun")} `}
        {!working && state === "failed" && `${errorMessage(progress?.errorCode ?? null)} `}
      </span>
      {!working && `${findings(check)} `}
      <Button submit variant="plain" disabled={working}>
        {t("check.now")}
      </Button>
    </fetcher.Form>
  );
}

function useFindings(format: Formatting): (check: ReconciliationView | null) => string {
  const { t } = useTranslation();
  return (check) => {
    if (check === null) return t("check.none");
    const { missed, removed } = check;
    const moment = format.moment(check.on);
    if (missed + removed === 0) return t("check.clean", { moment });
    return [
      t("check.on", { moment }),
      ...(missed > 0 ? [t("check.missed", { count: missed })] : []),
      ...(removed > 0 ? [t("check.removed", { count: removed })] : []),
    ].join(" ");
  };
}
