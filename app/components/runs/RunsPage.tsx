import { BlockStack, Card, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useFormatting } from "#app/components/shared/Texts.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import { type RunsView, SHOWN_RUNS } from "#app/scoring/views/runs.ts";

import { Problems } from "./Problems.tsx";
import { useRunTexts } from "./useRunTexts.ts";

/** Answers "what did Encore do, and did it work?" */
export function RunsPage({ view }: { view: RunsView }) {
  const { t } = useTranslation();
  const format = useFormatting({ currency: "XXX", timeZone: view.timeZone });
  const problems = view.failed.length + view.unreadable.orders;
  return (
    <Page
      title={t("runs.title")}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") }}
    >
      <BlockStack gap="400">
        <div className="encore-lead">
          <Text as="p" variant="bodyLg">
            <Lead view={view} format={format} />
          </Text>
        </div>
        {problems > 0 && <Problems view={view} format={format} />}
        <History view={view} format={format} />
      </BlockStack>
    </Page>
  );
}

type Props = { view: RunsView; format: Formatting };

function Lead({ view, format }: Props) {
  const { t } = useTranslation();
  const { failed, unreadable, runs } = view;
  if (failed.length > 0) return t("runs.lead.failed", { count: failed.length });
  if (unreadable.orders > 0) return t("runs.lead.unreadable", { count: unreadable.orders });
  const last = runs.find(({ kind }) => kind === "score");
  if (last === undefined) return t("runs.lead.none");
  return t("runs.lead.well", { moment: format.moment(last.at) });
}

function History({ view: { runs, more }, format }: Props) {
  const { t } = useTranslation();
  const textsOf = useRunTexts(format);
  return (
    <section aria-labelledby="history">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="history">
            {t("runs.history")}
          </Text>
          {runs.length === 0 && <Text as="p">{t("runs.empty")}</Text>}
          <ul className="encore-runs">
            {runs.map((run) => {
              const { title, lines, critical } = textsOf(run);
              return (
                <li key={`${run.kind}-${run.id}`}>
                  <Text as="span" tone="subdued">
                    {format.moment(run.at)}
                  </Text>
                  <div>
                    <Text as="h3" variant="headingSm">
                      {title}
                    </Text>
                    <Text as="p" {...(critical ? { tone: "critical" } : {})}>
                      {lines.join(" ")}
                    </Text>
                  </div>
                </li>
              );
            })}
          </ul>
          {more && (
            <Text as="p" tone="subdued">
              {t("runs.limited", { shown: SHOWN_RUNS })}
            </Text>
          )}
        </BlockStack>
      </Card>
    </section>
  );
}
