import { Layout, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { ExclusionView } from "#app/scoring/exclusion-tag.ts";
import { ExclusionTagForm } from "./ExclusionTagForm.tsx";

type Props = { exclusion: ExclusionView; nowMs: number };

/** What the merchant decides, each with what it does. */
export function SettingsPage({ exclusion, nowMs }: Props) {
  const { t } = useTranslation();
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
          <ExclusionTagForm exclusion={exclusion} nowMs={nowMs} />
        </Layout.AnnotatedSection>
      </Layout>
    </Page>
  );
}
