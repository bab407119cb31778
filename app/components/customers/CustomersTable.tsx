import { EmptySearchResult, IndexTable, type IndexTableProps, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useFormatting } from "#app/components/shared/Texts.tsx";
import type { CustomersView, NamesAnswer } from "#app/scoring/views/customers.ts";
import { listAddress, MOVED_DAYS, type Place } from "#app/scoring/views/customers-query.ts";

import { CustomerRow } from "./CustomerRow.tsx";

type Props = {
  view: CustomersView;
  names: NamesAnswer | null;
  loading: boolean;
};

/** A page of customers, each with the way to why they are there. */
export function CustomersTable({ view, names, loading }: Props) {
  const { t } = useTranslation();
  const format = useFormatting({ currency: view.currency, timeZone: "UTC" });
  const pagination = usePagination(view);
  const { rows, horizonDays: days } = view;
  const headings: IndexTableProps["headings"] = [
    { title: t("customers.column.customer") },
    { title: t("customers.column.value", { days }) },
    { title: t("customers.column.likelihood", { days }) },
    { title: t("customers.column.lastOrder") },
    { title: t("customers.column.nextOrder") },
    { title: t("customers.column.moved", { days: MOVED_DAYS }) },
  ];
  return (
    <div className="encore-customers">
      <IndexTable
        resourceName={{ singular: t("customers.one"), plural: t("customers.many") }}
        itemCount={rows.length}
        headings={headings}
        selectable={false}
        loading={loading}
        emptyState={
          <EmptySearchResult
            title={t("customers.nobody")}
            description={t("customers.nobodyBody")}
          />
        }
        {...(rows.length > 0 && { pagination })}
      >
        {rows.map((row, position) => (
          <CustomerRow
            key={row.customerId}
            {...{ row, position, names, format }}
            query={view.query}
          />
        ))}
      </IndexTable>
      {rows.length > 0 && (
        <div className="encore-customers__note">
          <Text as="p" tone="subdued">
            {t("customers.note")}
          </Text>
        </div>
      )}
    </div>
  );
}

function usePagination({ query, previous, next }: CustomersView) {
  const { t } = useTranslation();
  const address = (side: "after" | "before", place: Place | null) =>
    place ? listAddress({ ...query, page: { side, place } }) : undefined;
  return {
    hasPrevious: previous !== null,
    hasNext: next !== null,
    previousURL: address("before", previous),
    nextURL: address("after", next),
    accessibilityLabel: t("customers.pages"),
    accessibilityLabels: { previous: t("customers.previous"), next: t("customers.next") },
  };
}
