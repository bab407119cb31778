import { Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { HomeView } from "#app/scoring/home.ts";
import type { WritingView } from "#app/writeback/writing.ts";
import { ImportingHome } from "./ImportingHome.tsx";
import { RefusalPage } from "./RefusalPage.tsx";
import { ScoredDashboard } from "./ScoredDashboard.tsx";
import { useFormatting } from "./Texts.tsx";

export type HomePageProps = {
  view: HomeView;
  /** Null until there are scores to write. */
  writing: WritingView | null;
  /** The moment the figures were read, so that server and browser say the same "ago". */
  nowMs: number;
};

/** "What should I do today, and can I trust this?" */
export function HomePage({ view, writing, nowMs }: HomePageProps) {
  const { t } = useTranslation();
  const format = useFormatting(view);
  if (view.state === "refused") return <RefusalPage view={view} format={format} />;
  return (
    <Page title={t("home.title")}>
      {view.state === "scored" && writing ? (
        <ScoredDashboard
          view={view}
          scored={view.scored}
          writing={writing}
          format={format}
          nowMs={nowMs}
        />
      ) : (
        <ImportingHome progress={view.progress} format={format} />
      )}
    </Page>
  );
}
