import { BlockStack, Card, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useFormatting } from "#app/components/shared/Texts.tsx";
import { useErrorMessage } from "#app/components/shared/useProblem.ts";
import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { type CustomersView, DUE_DAYS, type NamesAnswer } from "#app/scoring/views/customers.ts";
import {
  isFiltered,
  MOVED_DAYS,
  SLIPPED_DAYS,
  WEEK_DAYS,
} from "#app/scoring/views/customers-query.ts";

import { CustomersFilters } from "./CustomersFilters.tsx";
import { CustomersTable } from "./CustomersTable.tsx";
import { useList } from "./useList.ts";
import { useViewName } from "./useViewName.ts";

type Props = {
  view: CustomersView;
  /** Null until Shopify has answered. */
  names: NamesAnswer | null;
};

/** "Find people": who is in a view, and what they are expected to spend. */
export function CustomersPage({ view, names }: Props) {
  const { t } = useTranslation();
  const { loading, show } = useList(view.query);
  const sentence = useSentence(view);
  return (
    <Page
      fullWidth
      title={t("customers.title")}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") }}
    >
      <BlockStack gap="400">
        <div className="encore-lead" role="status">
          <Text as="p" variant="bodyLg">
            {sentence}
          </Text>
        </div>
        <Card padding="0">
          <CustomersFilters query={view.query} loading={loading} show={show} />
          <NamesProblem names={names} />
          <CustomersTable view={view} names={names} loading={loading} />
        </Card>
      </BlockStack>
    </Page>
  );
}

/** What the page is about in one sentence; every amount says for how long ahead. */
function useSentence({ query, total, more: cut, ...view }: CustomersView): string {
  const { currency, horizonDays: days } = view;
  const { t } = useTranslation();
  const format = useFormatting({ currency, timeZone: "UTC" });
  const nameOf = useViewName();
  const counted = { count: total.customers, days, amount: format.money(total.expectedSpendMinor) };
  if (query.search !== null) {
    if (total.customers === 0) return t("customers.notFound", { search: query.search });
    const found = t("customers.found", { ...counted, search: query.search });
    return cut ? `${found} ${t("customers.foundMore")}` : found;
  }
  if (total.customers === 0) return t("customers.nobody");
  const week = query.week && {
    from: format.shortDay(query.week),
    to: format.shortDay(isoDay(dayNumber(query.week) + WEEK_DAYS - 1)),
  };
  const recent = { soon: DUE_DAYS, since: MOVED_DAYS, lately: SLIPPED_DAYS };
  const more = { ...counted, ...recent, ...(week ?? { from: "", to: "" }) };
  if (!isFiltered(query)) return t(`customers.who.${query.view}`, more);
  const sentence = t("customers.who.filtered", counted);
  // The filters take the place of the views' names.
  if (query.view === "all") return sentence;
  return t("customers.inView", { view: nameOf(query), sentence });
}

function NamesProblem({ names }: Pick<Props, "names">) {
  const { t } = useTranslation();
  const message = useErrorMessage();
  if (names?.kind !== "failed") return null;
  return (
    <div className="encore-problem" role="alert">
      <Text as="p" tone="critical">
        {t("customers.noNames")} {message(names.code)}
      </Text>
    </div>
  );
}
