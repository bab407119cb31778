import { IndexTable, Link, SkeletonBodyText, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { TierBadge } from "#app/components/shared/TierBadge.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { ListedCustomer, NamesAnswer } from "#app/scoring/views/customers.ts";
import { customerAddress, type CustomersQuery } from "#app/scoring/views/customers-query.ts";
import type { Axis, Tier } from "#engine";

type Props = {
  row: ListedCustomer;
  position: number;
  /** The list that the row is of. */
  query: CustomersQuery;
  names: NamesAnswer | null;
  format: Formatting;
};

/** One customer. On a phone the first cell holds what the others show on a desk. */
export function CustomerRow({ row, position, query, names, format }: Props) {
  const moved = useMoved(format)(row);
  const next = useNextOrder(format)(row);
  const { expectedSpendMinor, buyProbability } = row;
  return (
    <IndexTable.Row id={row.customerId} position={position}>
      <IndexTable.Cell>
        <CustomerName
          customerId={row.customerId}
          url={customerAddress(row.customerId, query)}
          names={names}
        />
        <PhoneLine row={row} next={next} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Figure axis="clv" tier={row.tiers.clv}>
          {expectedSpendMinor === null ? "" : format.money(expectedSpendMinor)}
        </Figure>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Figure axis="buy" tier={row.tiers.buy}>
          {buyProbability === null ? "" : format.percent(belowAll(buyProbability))}
        </Figure>
      </IndexTable.Cell>
      <IndexTable.Cell>{format.day(row.lastOrder)}</IndexTable.Cell>
      <IndexTable.Cell>{next}</IndexTable.Cell>
      <IndexTable.Cell>{moved}</IndexTable.Cell>
    </IndexTable.Row>
  );
}

/** No customer is said to buy for sure. */
function belowAll(probability: number): number {
  return Math.min(probability, 0.99);
}

type NameProps = Pick<Props, "names"> & { customerId: string; url: string };

/** Until Shopify has answered, a place of the same size. */
function CustomerName({ customerId, url, names }: NameProps) {
  const { t } = useTranslation();
  const unnamed = t("target.unnamed", { id: customerId });
  const name = names?.kind === "names" ? (names.names[customerId] ?? unnamed) : unnamed;
  return (
    <Link url={url} dataPrimaryLink monochrome removeUnderline>
      <span className="encore-name" title={name}>
        {names === null ? (
          <>
            <SkeletonBodyText lines={1} />
            <Text as="span" visuallyHidden>
              {unnamed}
            </Text>
          </>
        ) : (
          <Text as="span" fontWeight="semibold">
            {name}
          </Text>
        )}
      </span>
    </Link>
  );
}

type TierProps = { axis: Axis; tier: Tier };

function Figure({ axis, tier, children }: TierProps & { children: string }) {
  return (
    <span className="encore-figure">
      <TierBadge axis={axis} tier={tier} />
      <Text as="span" numeric>
        {children}
      </Text>
    </span>
  );
}

function PhoneLine({ row, next }: { row: ListedCustomer; next: string }) {
  const { t } = useTranslation();
  return (
    <div className="encore-phone">
      <Text as="p" tone="subdued">
        {t("customers.nextOnPhone", { next })}
      </Text>
      <TierBadge axis="clv" tier={row.tiers.clv} named />
      <TierBadge axis="buy" tier={row.tiers.buy} named />
    </div>
  );
}

function useNextOrder(format: Formatting): (row: ListedCustomer) => string {
  const { t } = useTranslation();
  return ({ nextOrder, tiers }) => {
    if (tiers.buy === "new") return t("customers.tooEarly");
    if (!nextOrder) return t("customers.noneExpected");
    return t("customers.between", {
      from: format.shortDay(nextOrder.from),
      to: format.day(nextOrder.to),
    });
  };
}

function useMoved(format: Formatting): (row: ListedCustomer) => string {
  const { t } = useTranslation();
  return ({ moved }) =>
    moved
      ? t(`customers.moved.${moved.direction}`, {
          axis: t(`customers.axis.${moved.axis}`),
          from: t(`tier.${moved.from}`),
          day: format.shortDay(moved.on),
        })
      : "";
}
