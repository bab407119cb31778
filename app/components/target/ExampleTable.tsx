import { BlockStack, Card, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import {
  criteriaOf,
  type Target,
  type TargetExample,
  targetKey,
  type TargetView,
} from "#app/campaigns/target.ts";
import { type Formatting, outOfHundred } from "#app/i18n/formatting.ts";
import { listAddress, plainQuery } from "#app/scoring/views/customers-query.ts";

type Props = { view: TargetView; format: Formatting };

/** A few customers of the target, each with a link to the customer's page. */
export function ExampleTable({ view, format }: Props) {
  const { t } = useTranslation();
  // For new customers it is too early for predictions.
  const foreseen = !Object.values(criteriaOf(view.target)).includes("new");
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd" id="examples">
          {t("target.examples")}
        </Text>
        {view.examples.length === 0 ? (
          <Text as="p" tone="subdued">
            {t("target.examplesEmpty")}
          </Text>
        ) : (
          <table className="encore-examples" aria-labelledby="examples">
            <thead>
              <tr>
                <th scope="col">{t("target.customer")}</th>
                {foreseen && <th scope="col">{t("target.chance")}</th>}
                {foreseen && <th scope="col">{t("target.soon", { days: view.horizonDays })}</th>}
                <th scope="col">{t("target.spent")}</th>
              </tr>
            </thead>
            <tbody>
              {view.examples.map((example) => (
                <ExampleRow
                  key={example.customerId}
                  example={example}
                  from={targetKey(view.target)}
                  foreseen={foreseen}
                  format={format}
                />
              ))}
            </tbody>
          </table>
        )}
        {view.customers > view.examples.length && (
          <Text as="p">
            <Link url={listOf(view.target)}>{t("target.seeAll", { count: view.customers })}</Link>
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

/** The list of the target's customers. */
function listOf(target: Target): string {
  const { clv, buy } = criteriaOf(target);
  const tiers = { clv: clv ? [clv] : [], buy: buy ? [buy] : [] };
  return listAddress({ ...plainQuery("all"), tiers });
}

type RowProps = { example: TargetExample; from: string; foreseen: boolean; format: Formatting };

function ExampleRow({ example, from, foreseen, format }: RowProps) {
  const { t } = useTranslation();
  const { customerId, name } = example;
  return (
    <tr>
      <td>
        <Link url={`/app/customers/${customerId}?from=${from}`}>
          {name ?? t("target.unnamed", { id: customerId })}
        </Link>
      </td>
      {foreseen && (
        <>
          <td>{t("target.outOf", { count: outOfHundred(example.buyProbability).count })}</td>
          <td>{format.money(example.expectedSpendMinor)}</td>
        </>
      )}
      <td>{format.money(example.spentMinor)}</td>
    </tr>
  );
}
