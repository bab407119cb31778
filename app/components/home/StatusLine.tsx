import { Link } from "@remix-run/react";
import { BlockStack, Button, Collapsible, InlineStack, Text } from "@shopify/polaris";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { HomeView, ScoredHome } from "#app/scoring/views/home.ts";

import { BasisList } from "./BasisList.tsx";

type Props = {
  view: HomeView;
  scored: ScoredHome;
  /** State of writing to Shopify. */
  written: "written" | "writing" | "paused" | "notWritten" | "removing" | "removed";
  format: Formatting;
  nowMs: number;
};

/** How fresh the scores are, and behind a button the order counts. */
export function StatusLine({ view, scored, written, format, nowMs }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const details = useId();
  const { countedOrders, firstDay } = view.basis;
  const facts = [
    t("status.customers", { count: scored.customers, ago: format.ago(scored.scoredAt, nowMs) }),
    t("status.horizon", { days: scored.horizonDays }),
    ...(firstDay
      ? [t("status.orders", { count: countedOrders, month: format.month(firstDay) })]
      : []),
  ];
  return (
    <BlockStack gap="100">
      <InlineStack gap="200" blockAlign="center">
        <p className="encore-status">
          <span className="encore-status__dot" aria-hidden="true" />
          <Text as="span" fontWeight="semibold">
            {t("status.live")}
          </Text>
          {` · ${facts.join(" · ")}`}
        </p>
        <Button
          variant="plain"
          disclosure={open ? "up" : "down"}
          ariaExpanded={open}
          ariaControls={details}
          onClick={() => {
            setOpen(!open);
          }}
        >
          {t("status.basis")}
        </Button>
      </InlineStack>
      <Collapsible id={details} open={open}>
        <BasisList view={view} scored={scored} format={format} />
      </Collapsible>
      <Text as="p" tone="subdued">
        {t(`status.${written}`)}{" "}
        <Link to="/app/runs" className="encore-help">
          {t("runs.link")}
        </Link>
      </Text>
    </BlockStack>
  );
}
