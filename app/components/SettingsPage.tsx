import { Layout, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { CleanUpView } from "#app/campaigns/clean-up.ts";
import type { ExclusionView } from "#app/scoring/exclusion-tag.ts";
import type { TaskProgress } from "#app/scoring/home.ts";
import { CleanUpCard } from "./CleanUpCard.tsx";
import { ExclusionTagForm } from "./ExclusionTagForm.tsx";
import { taskProgress } from "./progress.ts";
import { useFormatting } from "./Texts.tsx";

type Props = {
  exclusion: ExclusionView;
  cleanUp: CleanUpView | null;
  progress: TaskProgress[];
  timeZone: string;
  nowMs: number;
};

/** What the merchant decides, each with what it does. */
export function SettingsPage({ exclusion, cleanUp, progress, timeZone, nowMs }: Props) {
  const { t } = useTranslation();
  const format = useFormatting({ currency: "XXX", timeZone });
  return (
    <Page
      title={t("settings.title")}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") }}
    >
      <Layout>
        <Layout.AnnotatedSection
          title={t("settings.exclusion.title")}
          description={t("settings.exclusion.description")}
        >
          <ExclusionTagForm exclusion={exclusion} format={format} nowMs={nowMs} />
        </Layout.AnnotatedSection>
        <Layout.AnnotatedSection title={t("cleanUp.title")} description={t("cleanUp.description")}>
          <CleanUpCard
            cleanUp={cleanUp}
            progress={taskProgress(progress, "cleanup")}
            format={format}
          />
        </Layout.AnnotatedSection>
      </Layout>
    </Page>
  );
}
