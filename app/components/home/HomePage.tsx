import { BlockStack, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { KnownSegments } from "#app/campaigns/target.ts";
import { useFormatting } from "#app/components/shared/Texts.tsx";
import type { WaitingRequests } from "#app/privacy/reports/report.ts";
import type { VerdictView } from "#app/scoring/views/accuracy.ts";
import type { HomeView } from "#app/scoring/views/home.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

import { ImportingHome } from "./ImportingHome.tsx";
import { PrivacyNotice } from "./PrivacyNotice.tsx";
import { RefusalPage } from "./RefusalPage.tsx";
import { ScoredDashboard } from "./ScoredDashboard.tsx";

export type HomePageProps = {
  view: HomeView;
  /** Null before there are scores. */
  writing: WritingView | null;
  /** Null when no customer waits for their data. */
  requests?: WaitingRequests | null;
  /** The recorded segments by target. */
  segments: KnownSegments;
  /** Null before there are scores. */
  verdict: VerdictView | null;
  /** When the figures were read, so that server and browser render the same "ago". */
  nowMs: number;
};

/** Answers "what should I do today, and can I trust this?" */
export function HomePage(props: HomePageProps) {
  const { view, writing, requests = null, segments, verdict, nowMs } = props;
  const { t } = useTranslation();
  const format = useFormatting(view);
  const notice = requests && <PrivacyNotice waiting={requests} format={format} />;
  if (view.state === "refused") return <RefusalPage view={view} notice={notice} format={format} />;
  return (
    <Page title={t("home.title")}>
      <BlockStack gap="400">
        {notice}
        {view.state === "scored" && writing && verdict ? (
          <ScoredDashboard
            view={view}
            scored={view.scored}
            writing={writing}
            segments={segments}
            verdict={verdict}
            format={format}
            nowMs={nowMs}
          />
        ) : (
          <ImportingHome progress={view.progress} format={format} />
        )}
      </BlockStack>
    </Page>
  );
}
