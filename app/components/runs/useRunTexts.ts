import { useTranslation } from "react-i18next";

import { useErrorMessage } from "#app/components/shared/useProblem.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { OrderRun } from "#app/orders/reconcile/order-runs.server.ts";
import type { Run, ScoreRun } from "#app/scoring/views/runs.ts";
import { axes } from "#engine";

export type RunTexts = {
  title: string;
  /** Sentences: what it did, and what it changed. */
  lines: string[];
  /** Whether it failed. */
  critical: boolean;
};

/** What a run did and changed, in words. */
export function useRunTexts(format: Formatting): (run: Run) => RunTexts {
  const { t } = useTranslation();
  const orderLines = useOrderLines();
  const scoreLines = useScoreLines();
  return (run) => {
    const title = t(`runs.kind.${run.kind}`);
    switch (run.kind) {
      case "import":
      case "check":
        return { title, lines: orderLines(run), critical: run.state === "failed" };
      case "score":
        return { title, lines: scoreLines(run), critical: false };
      case "weeks": {
        const days = { from: format.day(run.from), to: format.day(run.to) };
        return { title, lines: [t("runs.weeks", { count: run.weeks, ...days })], critical: false };
      }
    }
  };
}

function useOrderLines(): (run: OrderRun) => string[] {
  const { t } = useTranslation();
  const message = useErrorMessage();
  return ({ kind, state, errorCode, orders, added, changed, removed, unreadable }) => {
    if (state === "failed") {
      return [errorCode === null ? t("runs.stopped") : message(errorCode)];
    }
    const figures = { added, changed, removed };
    const found = (["added", "changed", "removed"] as const)
      .filter((what) => figures[what] > 0)
      .map((what) => t(`runs.${what}`, { count: figures[what] }));
    const clean = kind === "check" && state === "done" && found.length === 0;
    return [
      ...(state === "running" ? [t("runs.underWay")] : []),
      t(`runs.orders.${kind}`, { count: orders }),
      ...found,
      ...(clean ? [t("runs.clean")] : []),
      ...(unreadable > 0 ? [t("runs.unreadable", { count: unreadable })] : []),
    ];
  };
}

function useScoreLines(): (run: ScoreRun) => string[] {
  const { t } = useTranslation();
  return ({ scored, orders, horizonDays: days, unmet }) => {
    if (scored === null) return [t("runs.refused", { count: unmet })];
    const { customers, moves } = scored;
    return [
      t("runs.scored", { count: customers, days }),
      t("runs.with", { count: orders }),
      ...axes.flatMap((axis) => {
        const { up = 0, down = 0 } = moves?.[axis] ?? {};
        if (moves === null) return [];
        return up + down === 0
          ? [t("runs.unmoved", { axis: t(`axis.${axis}`) })]
          : [t("runs.moved", { axis: t(`axis.${axis}`), up, down })];
      }),
    ];
  };
}
