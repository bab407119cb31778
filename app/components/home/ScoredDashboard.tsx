import { BlockStack, InlineGrid, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { KnownSegments } from "#app/campaigns/target.ts";
import { HelpLink } from "#app/components/shared/HelpLink.tsx";
import { taskProgress } from "#app/components/shared/progress.ts";
import { WorkStep } from "#app/components/shared/WorkStep.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { TaskProgress } from "#app/queue/progress.ts";
import type { VerdictView } from "#app/scoring/views/accuracy.ts";
import type { HomeView, ScoredHome } from "#app/scoring/views/home.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";
import { axes } from "#engine";

import { MovesCard } from "./attention/MovesCard.tsx";
import { WorthALook } from "./attention/WorthALook.tsx";
import { OnboardingCard } from "./OnboardingCard.tsx";
import { StatusLine } from "./StatusLine.tsx";
import { TierCard } from "./tiers/TierCard.tsx";
import { ValueGrid } from "./tiers/ValueGrid.tsx";
import { DriftAlarm, TrustCard } from "./TrustCard.tsx";
import { SEGMENTS_BLOCKED } from "./writing/AgreeStep.tsx";
import { PausedCard } from "./writing/PausedCard.tsx";
import { WriteFailures } from "./writing/WriteFailures.tsx";
import { WritingStep } from "./writing/WritingStep.tsx";

type Props = {
  view: HomeView;
  scored: ScoredHome;
  writing: WritingView;
  segments: KnownSegments;
  verdict: VerdictView;
  format: Formatting;
  nowMs: number;
};

/** The dashboard: headline, status and current steps, then a card for each axis. */
export function ScoredDashboard(props: Props) {
  const { view, scored, writing, segments, verdict, format, nowMs } = props;
  const write = taskProgress(view.progress, "write");
  const { t } = useTranslation();
  const stopped = view.progress.filter(
    ({ task, state }) => task !== "write" && task !== "cleanup" && state === "failed",
  );
  const agreed = writing.agreedAt !== null;
  // The dry run and a large write are shown as a step, the few changes of every day are not. A step
  // that was shown once stays until the page is left. The size is also taken from the progress,
  // since the plan shrinks during the write.
  const size = Math.max(write.total ?? 0, writing.plan.customers);
  const large = write.state !== "done" && size > scored.customers / 2;
  const [begun] = useState(!agreed || large);
  const withStep = begun || write.state === "failed";
  return (
    <BlockStack gap="400">
      <DriftAlarm verdict={verdict} format={format} />
      <div className="encore-lead encore-summary">
        <BlockStack gap="200">
          <Headline scored={scored} format={format} />
          <Level scored={scored} format={format} />
          <StatusLine
            view={view}
            scored={scored}
            written={writtenOf(writing, write)}
            format={format}
            nowMs={nowMs}
          />
        </BlockStack>
      </div>
      <OnboardingCard writing={writing} segments={segments} />
      {writing.beingRemoved && (
        <WorkStep
          title={t("cleanUp.runningTitle")}
          body={t("writing.runningBody")}
          tasks={[taskProgress(view.progress, "cleanup")]}
          format={format}
        />
      )}
      <PausedCard writing={writing} format={format} />
      {withStep && !writing.beingRemoved && writing.pausedAt === null && (
        <WritingStep writing={writing} write={write} customers={scored.customers} format={format} />
      )}
      {stopped.length > 0 && (
        <WorkStep
          title={t("errors.title")}
          body={t("progress.stale")}
          tasks={stopped}
          format={format}
        />
      )}
      <WriteFailures failures={writing.failures} />
      <WorthALook scored={scored} format={format} />
      <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
        {axes.map((axis) => (
          <TierCard
            key={axis}
            axis={axis}
            scored={scored}
            segments={segments}
            format={format}
            blockedBy={agreed ? undefined : SEGMENTS_BLOCKED}
          />
        ))}
      </InlineGrid>
      <ValueGrid scored={scored} format={format} />
      <MovesCard scored={scored} />
      <TrustCard verdict={verdict} format={format} />
      <div className="encore-lead">
        <HelpLink />
      </div>
    </BlockStack>
  );
}

/** A warning when all past windows were off in level in the same direction. */
function Level({ scored, format }: { scored: ScoredHome; format: Formatting }) {
  const { t } = useTranslation();
  if (!scored.levelWarning) return null;
  const { windows: count, horizonDays: days, least, most } = scored.levelWarning;
  const [from, to] = [least, most].map((off) => format.percent(Math.abs(off)));
  const side = least > 0 ? "above" : "below";
  return <Text as="p">{t(`home.level.${side}`, { count, days, from, to })}</Text>;
}

function writtenOf(writing: WritingView, write: TaskProgress) {
  const { agreedAt, pausedAt, beingRemoved, removed } = writing;
  if (beingRemoved) return "removing";
  if (pausedAt !== null) return "paused";
  if (agreedAt === null) return removed === null ? "notWritten" : "removed";
  return write.state === "done" ? "written" : "writing";
}

function Headline({ scored, format }: { scored: ScoredHome; format: Formatting }) {
  const { t } = useTranslation();
  const rows = scored.axes.clv;
  const high = rows.find(({ tier }) => tier === "high");
  const all = rows.reduce((sum, row) => sum + row.expectedSpendMinor, 0);
  const days = scored.horizonDays;
  const text =
    high && high.customers > 0 && all > 0
      ? t("home.headline", {
          count: high.customers,
          share: format.percent(high.expectedSpendMinor / all),
          days,
        })
      : t("home.headlineEven", { days });
  return (
    <Text as="p" variant="headingMd">
      {text}
    </Text>
  );
}
