import { Link } from "@remix-run/react";
import { Icon, Text } from "@shopify/polaris";
import { ChevronRightIcon } from "@shopify/polaris-icons";
import { useTranslation } from "react-i18next";

import { targetPath, type TargetSegmentView } from "#app/campaigns/target.ts";
import { SegmentButton } from "#app/components/shared/SegmentButton.tsx";
import { useSegmentCreation } from "#app/components/shared/useSegmentCreation.ts";
import { useTierMeaning } from "#app/components/shared/useTierMeaning.ts";
import { type Formatting, outOfHundred } from "#app/i18n/formatting.ts";
import type { TierRow as TierFigures } from "#app/scoring/store/totals.ts";
import type { Axis, Tier } from "#engine";

export type TierRowProps = {
  axis: Axis;
  row: TierFigures;
  /** Totals of the card, for the shares. */
  total: { customers: number; expectedSpendMinor: number };
  /** The existing segment. */
  segment: TargetSegmentView | null;
  format: Formatting;
  /**
   * Id of the element that explains why segments cannot be created yet; undefined when they can.
   */
  blockedBy: string | undefined;
};

/** One tier of a card: the row links to its target, and its button creates the segment. */
export function TierRow({ axis, row, total, segment, format, blockedBy }: TierRowProps) {
  const { t } = useTranslation();
  const tier = t(`tier.${row.tier}`);
  const target = { axis, tier: row.tier };
  const creation = useSegmentCreation(target, segment);
  const sense = useTierMeaning()(axis, row.tier);
  return (
    <li className="encore-row">
      <div className="encore-row__head">
        <Text as="h3" variant="headingSm">
          <Link
            className="encore-row__link"
            to={targetPath(target)}
            aria-label={t("row.see", { tier, count: row.customers })}
          >
            {tier}
          </Link>
        </Text>
        <div className="encore-row__action">
          <SegmentButton target={target} creation={creation} blockedBy={blockedBy} />
        </div>
        <span className="encore-row__chevron">
          <Icon source={ChevronRightIcon} tone="subdued" />
        </span>
      </div>
      <Text as="p" tone="subdued">
        {sense}
      </Text>
      <div className="encore-row__bar">
        <TierBar tier={row.tier} share={ratio(row.customers, total.customers)} />
        <Text as="p" fontWeight="medium">
          {t("row.customers", { count: row.customers })}
        </Text>
      </div>
      {axis === "clv" ? (
        <ValueFigures row={row} total={total.expectedSpendMinor} format={format} />
      ) : (
        <ChanceFigures row={row} />
      )}
      {creation.problem && (
        <div role="alert">
          <Text as="p" tone="critical">
            {creation.problem}
          </Text>
        </div>
      )}
    </li>
  );
}

type ValueProps = { row: TierFigures; total: number; format: Formatting };

function ValueFigures({ row, total, format }: ValueProps) {
  const { t } = useTranslation();
  return (
    <p className="encore-row__figures">
      <span>
        {t("row.expected", {
          amount: format.money(row.expectedSpendMinor),
          share: format.percent(ratio(row.expectedSpendMinor, total)),
        })}
      </span>
      <span className="encore-row__aside">
        {t("row.spent", { amount: format.money(row.spentMinor) })}
      </span>
    </p>
  );
}

function ChanceFigures({ row }: { row: TierFigures }) {
  const chance = useChance();
  return (
    <p className="encore-row__figures">
      <span>{chance(row.meanProbability)}</span>
    </p>
  );
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

/**
 * The share of customers in a tier as a bar. Hidden from screen readers, since the text says the
 * same.
 */
function TierBar({ tier, share }: { tier: Tier; share: number }) {
  return (
    <div className="encore-bar" aria-hidden="true">
      <div
        className={`encore-bar__fill encore-bar__fill--${tier}`}
        style={{ inlineSize: `${Math.min(100, share * 100).toFixed(2)}%` }}
      />
    </div>
  );
}

/** Puts a mean probability into words: "About 58 of 100 expected to buy". */
function useChance(): (probability: number | null) => string {
  const { t } = useTranslation();
  return (probability) => {
    if (probability === null) return t("chance.none");
    const { kind, count } = outOfHundred(probability);
    return t(`chance.${kind}`, { count });
  };
}
