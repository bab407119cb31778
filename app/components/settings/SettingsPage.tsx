import { Link } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { CleanUpView } from "#app/campaigns/clean-up.ts";
import { taskProgress } from "#app/components/shared/progress.ts";
import { useFormatting } from "#app/components/shared/Texts.tsx";
import type { OrderRules } from "#app/orders/store/order-rules.ts";
import type { TaskProgress } from "#app/queue/progress.ts";
import type { ExclusionView } from "#app/scoring/exclusion/exclusion-tag.ts";
import type { HorizonSettings } from "#app/scoring/views/horizon-settings.ts";
import type { TierSettings } from "#app/scoring/views/tier-settings.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

import { CleanUpCard } from "./CleanUpCard.tsx";
import { ExclusionTagForm } from "./ExclusionTagForm.tsx";
import { HorizonForm } from "./HorizonForm.tsx";
import { OrdersForm } from "./OrdersForm.tsx";
import { SaveBar } from "./SaveBar.tsx";
import { TiersForm } from "./TiersForm.tsx";
import { WritingCard } from "./WritingCard.tsx";

type Props = {
  horizon: HorizonSettings;
  tiers: TierSettings;
  rules: OrderRules;
  exclusion: ExclusionView;
  writing: WritingView;
  cleanUp: CleanUpView | null;
  progress: TaskProgress[];
  currency: string;
  timeZone: string;
  nowMs: number;
};

/** The settings: horizon, tiers, orders, exclusion tag, writing and clean-up. */
export function SettingsPage(props: Props) {
  const { horizon, tiers, rules, exclusion, writing, cleanUp, progress, nowMs } = props;
  const { t } = useTranslation();
  const format = useFormatting(props);
  return (
    <Page
      title={t("settings.title")}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") }}
    >
      <SaveBar>
        <BlockStack gap="400">
          <HorizonForm horizon={horizon} />
          <TiersForm tiers={tiers} format={format} />
          <OrdersForm rules={rules} format={format} />
          <ExclusionTagForm exclusion={exclusion} format={format} nowMs={nowMs} />
          {!writing.beingRemoved && <WritingCard writing={writing} format={format} />}
          <CleanUpCard
            cleanUp={cleanUp}
            agreed={writing.agreedAt !== null}
            progress={taskProgress(progress, "cleanup")}
            format={format}
          />
          <div className="encore-lead">
            <Link to="/app/runs" className="encore-help">
              {t("runs.link")}
            </Link>
          </div>
        </BlockStack>
      </SaveBar>
    </Page>
  );
}
