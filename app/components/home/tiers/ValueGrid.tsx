import { Link } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { targetPath } from "#app/campaigns/target.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { GridCell } from "#app/scoring/store/totals.ts";
import type { ScoredHome } from "#app/scoring/views/home.ts";

/** As a person reads a chart: likelihood grows to the right, value upward. */
const COLUMNS = ["low", "moderate", "high"] as const;
const ROWS = ["high", "moderate", "low"] as const;
/** Steps of the shade that shows how many customers a cell has. */
const SHADES = 4;

type Props = { scored: ScoredHome; format: Formatting };

/** Value by likelihood; each cell leads to its target. Nothing until there are cells. */
export function ValueGrid({ scored: { grid, horizonDays: days }, format }: Props) {
  const { t } = useTranslation();
  if (grid === null) return null;
  const most = Math.max(1, ...grid.map(({ customers }) => customers));
  const fresh = grid.filter(({ clv, buy }) => clv === "new" || buy === "new");
  const newCustomers = fresh.reduce((sum, { customers }) => sum + customers, 0);
  return (
    <section aria-labelledby="grid">
      <Card>
        <BlockStack gap="300">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd" id="grid">
              {t("grid.title")}
            </Text>
            <Text as="p" tone="subdued">
              {t("grid.body", { days })}
            </Text>
          </BlockStack>
          <table className="encore-grid" aria-labelledby="grid">
            <thead>
              <tr>
                <td />
                {COLUMNS.map((buy) => (
                  <th key={buy} scope="col">
                    <span className="encore-grid__axis">{t("grid.buy")}</span> {t(`tier.${buy}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {ROWS.map((clv) => (
                <tr key={clv}>
                  <th scope="row">
                    <span className="encore-grid__axis">{t("grid.clv")}</span> {t(`tier.${clv}`)}
                  </th>
                  {COLUMNS.map((buy) => (
                    <Cell
                      key={buy}
                      cell={grid.find((one) => one.clv === clv && one.buy === buy)}
                      groups={{ clv, buy }}
                      most={most}
                      format={format}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {newCustomers > 0 && (
            <Text as="p" tone="subdued">
              {t("grid.new", { count: newCustomers })}
            </Text>
          )}
        </BlockStack>
      </Card>
    </section>
  );
}

type CellProps = {
  cell: GridCell | undefined;
  groups: { clv: (typeof ROWS)[number]; buy: (typeof COLUMNS)[number] };
  /** Customers of the largest cell. */
  most: number;
  format: Formatting;
};

function Cell({ cell, groups: { clv, buy }, most, format }: CellProps) {
  const { t } = useTranslation();
  const count = cell?.customers ?? 0;
  const names = { clv: t(`grid.word.${clv}`), buy: t(`grid.word.${buy}`) };
  return (
    <td className={`encore-grid__cell encore-grid__cell--${Math.ceil((SHADES * count) / most)}`}>
      <Link className="encore-grid__link" to={targetPath({ axis: "grid", clv, buy })}>
        <Text as="span" visuallyHidden>
          {t("grid.group", names)}{" "}
        </Text>
        <Text as="span" fontWeight="semibold">
          {t("grid.customers", { count })}{" "}
        </Text>
        <span>
          {format.money(cell?.expectedSpendMinor ?? 0)}
          <Text as="span" visuallyHidden>
            {" "}
            {t("grid.expected")}.{" "}
          </Text>
        </span>
        <span className="encore-grid__play">{t(`grid.play.${clv}.${buy}`)}</span>
      </Link>
    </td>
  );
}
