import { BlockStack, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { HelpLink } from "#app/components/shared/HelpLink.tsx";
import { TierBadge } from "#app/components/shared/TierBadge.tsx";
import { useTierMeaning } from "#app/components/shared/useTierMeaning.ts";
import { type Formatting, outOfHundred } from "#app/i18n/formatting.ts";
import type { CustomerView } from "#app/scoring/views/customer.ts";
import type { Axis, Tier } from "#engine";

import { spendRange } from "./spend-range.ts";

type Props = { view: CustomerView; format: Formatting };

/** Expected spend beside spend so far; no expectation for first-time customers. */
export function ValueCard({ view, format }: Props) {
  const { t } = useTranslation();
  const { horizonDays: days } = view;
  const range = useRange(view, format);
  const spent = <Figure label={t("customer.figure.spent")} value={format.money(view.spentMinor)} />;
  return (
    <TierPanel axis="clv" tier={view.tiers.clv}>
      {view.tiers.clv === "new" ? (
        spent
      ) : (
        <>
          <InlineGrid columns={2} gap="400" alignItems="end">
            <Figure
              label={t("customer.figure.expected", { days })}
              value={format.money(view.expectedSpendMinor)}
            />
            {spent}
          </InlineGrid>
          <Text as="p">{range}</Text>
        </>
      )}
    </TierPanel>
  );
}

/** The probability of an order, and when it is expected. */
export function ChanceCard({ view, format }: Props) {
  const usual = useUsual(view);
  return (
    <TierPanel axis="buy" tier={view.tiers.buy}>
      {view.tiers.buy === "new" ? (
        <Text as="p">{usual}</Text>
      ) : (
        <ChanceFigures view={view} format={format} usual={usual} />
      )}
    </TierPanel>
  );
}

function ChanceFigures({ view, format, usual }: Props & { usual: string }) {
  const { t } = useTranslation();
  const { horizonDays: days } = view;
  const { kind, count } = outOfHundred(view.buyProbability);
  const similar = useSimilar(view);
  return (
    <>
      <Figure
        label={t("customer.figure.chance", { days })}
        value={t(`customer.chance.${kind}`, { count })}
        note={similar ? `${similar} ${usual}` : usual}
      />
      <NextOrder view={view} format={format} />
    </>
  );
}

/** When the next order is expected, and plainly if that was earlier. */
function NextOrder({ view, format }: Props) {
  const { t } = useTranslation();
  const { nextOrder } = view;
  const passed = view.timeline?.passed;
  const days = (span: { from: string; to: string }) => ({
    from: format.day(span.from),
    to: format.day(span.to),
  });
  return (
    <Figure
      label={t("customer.figure.next")}
      value={nextOrder ? t("customer.nextBetween", days(nextOrder)) : t("customer.nextNone")}
      {...(passed ? { note: t("customer.passed", days(passed)) } : {})}
      small
    />
  );
}

const helpOf = { clv: "value", buy: "likelihood" } as const;

function TierPanel({ axis, tier, children }: { axis: Axis; tier: Tier; children: ReactNode }) {
  const { t } = useTranslation();
  const sense = useTierMeaning();
  const title = `customer-${axis}`;
  return (
    <section aria-labelledby={title} className="encore-panel">
      <Card>
        <BlockStack gap="400">
          <BlockStack gap="100">
            <InlineStack align="space-between" blockAlign="center" gap="200" wrap={false}>
              <Text as="h2" variant="headingMd" id={title}>
                {t(`axis.${axis}`)}
              </Text>
              <TierBadge axis={axis} tier={tier} />
            </InlineStack>
            <Text as="p" tone="subdued">
              {sense(axis, tier)}
            </Text>
            <HelpLink term={tier === "new" ? "new" : helpOf[axis]} />
          </BlockStack>
          {children}
        </BlockStack>
      </Card>
    </section>
  );
}

type FigureProps = { label: string; value: string; note?: string; small?: boolean };

function Figure({ label, value, note, small = false }: FigureProps) {
  return (
    <BlockStack gap="050">
      <Text as="p" tone="subdued">
        {label}
      </Text>
      <Text as="p" variant={small ? "headingSm" : "headingLg"} numeric>
        {value}
      </Text>
      {note && <Text as="p">{note}</Text>}
    </BlockStack>
  );
}

function useRange(view: CustomerView, format: Formatting): string {
  const { t } = useTranslation();
  const { kind, ...amounts } = spendRange(view, format.money);
  return t(`customer.range.${kind}`, amounts);
}

/**
 * The share of similar customers who bought, in tenths, since the group is only roughly similar.
 */
function useSimilar({ similar, horizonDays: days }: CustomerView): string | null {
  const { t } = useTranslation();
  if (!similar) return null;
  const { customers, bought } = similar;
  const tenth = Math.round(10 * bought);
  if (tenth === 0) return t("customer.similar.under", { customers, days, tenth: 1 });
  if (tenth === 10) return t("customer.similar.over", { customers, days, tenth: 9 });
  return t("customer.similar.about", { customers, days, tenth });
}

function useUsual({ usual, horizonDays: days }: CustomerView): string {
  const { t } = useTranslation();
  const { count } = outOfHundred(usual.rate);
  return t(usual.seen ? "card.usual" : "card.usualExpected", { days, count });
}
