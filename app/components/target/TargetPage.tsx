import { BlockStack, Button, Card, InlineGrid, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { tagsOf } from "#app/campaigns/segment-query.ts";
import type { TargetView } from "#app/campaigns/target.ts";
import { HelpLink } from "#app/components/shared/HelpLink.tsx";
import { useFormatting } from "#app/components/shared/Texts.tsx";
import { usePausedSegments } from "#app/components/shared/usePausedSegments.ts";
import {
  openInAdmin,
  type SegmentCreation,
  useSegmentCreation,
} from "#app/components/shared/useSegmentCreation.ts";
import { useTargetTexts } from "#app/components/shared/useTargetTexts.ts";
import type { Formatting } from "#app/i18n/formatting.ts";

import { ExampleTable } from "./ExampleTable.tsx";

/** Answers "who exactly, and what now?" */
export function TargetPage({ view }: { view: TargetView }) {
  const { t } = useTranslation();
  const format = useFormatting(view);
  const creation = useSegmentCreation(view.target, view.segment);
  const { title, who } = useTargetTexts(view.target);
  return (
    <Page
      title={title}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") }}
      primaryAction={<SegmentAction view={view} creation={creation} />}
    >
      <BlockStack gap="400">
        <div className="encore-lead">
          <BlockStack gap="100">
            <Text as="p" variant="headingMd">
              {who(view.customers, view.horizonDays)}
            </Text>
            <HelpLink term="tier" />
            <SegmentProblem view={view} creation={creation} />
          </BlockStack>
        </div>
        <Facts view={view} format={format} />
        <ExampleTable view={view} format={format} />
        <SegmentCard view={view} format={format} />
      </BlockStack>
    </Page>
  );
}

type ViewProps = { view: TargetView };
type ActionProps = ViewProps & { creation: SegmentCreation };

/** The screen's one primary action: create the segment, or open the existing one. */
function SegmentAction({ view, creation }: ActionProps) {
  const { t } = useTranslation();
  const { segment } = creation;
  if (segment) {
    return (
      <Button
        key="segment"
        variant="primary"
        onClick={() => {
          openInAdmin(segment.adminUrl);
        }}
      >
        {t("segment.openInShopify")}
      </Button>
    );
  }
  return (
    <Button
      key="segment"
      variant="primary"
      onClick={creation.create}
      loading={creation.creating}
      disabled={!view.canCreate}
      {...(view.canCreate ? {} : { ariaDescribedBy: "segment-blocked" })}
    >
      {t("segment.create")}
    </Button>
  );
}

function SegmentProblem({ view, creation }: ActionProps) {
  const { t } = useTranslation();
  if (creation.problem) {
    return (
      <div role="alert">
        <Text as="p" tone="critical">
          {creation.problem}
        </Text>
      </div>
    );
  }
  if (view.canCreate) return null;
  return (
    <Text as="p" tone="subdued" id="segment-blocked">
      {t("segment.blocked")}
    </Text>
  );
}

function Facts({ view, format }: ViewProps & { format: Formatting }) {
  const { t } = useTranslation();
  const facts = [
    { label: t("target.customers"), value: format.number(view.customers) },
    {
      label: t("target.expected", { days: view.horizonDays }),
      value: format.money(view.expectedSpendMinor),
    },
    { label: t("target.spent"), value: format.money(view.spentMinor) },
  ];
  return (
    <Card>
      <InlineGrid columns={{ xs: 1, sm: 3 }} gap="400">
        {facts.map(({ label, value }) => (
          <BlockStack key={label} gap="050">
            <Text as="p" tone="subdued">
              {label}
            </Text>
            <Text as="p" variant="headingLg" numeric>
              {value}
            </Text>
          </BlockStack>
        ))}
      </InlineGrid>
    </Card>
  );
}

/**
 * What the segment does, but not more than is known: that it empties itself is shown only after a
 * right check, or for a segment still to be created; a difference from the tier is always shown.
 */
function SegmentPromise({ view: { segment, check, emptiesAfterDays: days } }: ViewProps) {
  const { t } = useTranslation();
  const right = segment === null || check?.verdict === "right";
  return (
    <>
      <SegmentDifference check={check} />
      {days !== null && right && <Text as="p">{t("target.fresh", { days })}</Text>}
      {days === null && segment !== null && <Text as="p">{t("target.byTag")}</Text>}
    </>
  );
}

function SegmentDifference({ check }: Pick<TargetView, "check">) {
  const { t } = useTranslation();
  if (check === null || check.verdict === "right" || check.found === check.expected) return null;
  const { verdict, ...counts } = check;
  const fewer = check.found < check.expected;
  if (verdict === "unknown") {
    return fewer ? <Text as="p">{t("target.comparing", counts)}</Text> : null;
  }
  return (
    <Text as="p" tone="critical">
      {fewer ? t("target.differs", counts) : t("target.more", counts)}
    </Text>
  );
}

function SegmentCard({ view, format }: ViewProps & { format: Formatting }) {
  const { t, i18n } = useTranslation();
  const segments = usePausedSegments();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("target.query")}
        </Text>
        <Text as="p">{t("target.queryBody")}</Text>
        <code className="encore-query">{view.query}</code>
        {view.pausedAt === null ? (
          <SegmentPromise view={view} />
        ) : (
          <Text as="p" fontWeight="semibold">
            {segments({
              ...{ pausedAt: view.pausedAt, format },
              emptying: view.emptiesAfterDays !== null,
            })}
          </Text>
        )}
        <Text as="h2" variant="headingMd">
          {t("target.next")}
        </Text>
        <Text as="p">
          {t("target.nextBody", {
            tags: new Intl.ListFormat(i18n.language).format(tagsOf(view.target)),
            count: tagsOf(view.target).length,
          })}
        </Text>
      </BlockStack>
    </Card>
  );
}
