import { Link } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { CleanUpView } from "#app/campaigns/clean-up.ts";
import { taskProgress } from "#app/components/shared/progress.ts";
import { useFormatting } from "#app/components/shared/Texts.tsx";
import type { TaskProgress } from "#app/queue/progress.ts";
import type { ExclusionView } from "#app/scoring/exclusion/exclusion-tag.ts";

import { CleanUpCard } from "./CleanUpCard.tsx";
import { ExclusionTagForm } from "./ExclusionTagForm.tsx";

type Props = {
  exclusion: ExclusionView;
  cleanUp: CleanUpView | null;
  /** Whether the merchant agreed to writing. */
  agreed: boolean;
  progress: TaskProgress[];
  timeZone: string;
  nowMs: number;
};

/** The settings: exclusion tag and clean-up. */
export function SettingsPage(props: Props) {
  const { exclusion, cleanUp, agreed, progress, timeZone, nowMs } = props;
  const { t } = useTranslation();
  const format = useFormatting({ currency: "XXX", timeZone });
  return (
    <Page
      title={t("settings.title")}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") }}
    >
      <BlockStack gap="400">
        <ExclusionTagForm exclusion={exclusion} format={format} nowMs={nowMs} />
        <CleanUpCard
          cleanUp={cleanUp}
          agreed={agreed}
          progress={taskProgress(progress, "cleanup")}
          format={format}
        />
        <div className="encore-lead">
          <Link to="/app/runs" className="encore-help">
            {t("runs.link")}
          </Link>
        </div>
      </BlockStack>
    </Page>
  );
}
