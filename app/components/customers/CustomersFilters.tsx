import {
  ChoiceList,
  IndexFilters,
  IndexFiltersMode,
  useSetIndexFiltersMode,
} from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import {
  choosableAxes,
  choosableTiers,
  type CustomersQuery,
  isFiltered,
  plainQuery,
  type Sorting,
  sortings,
  tabViews,
  withoutFilters,
} from "#app/scoring/views/customers-query.ts";
import { type Axis, type Tier, tiers } from "#engine";

import type { ListChanges } from "./useList.ts";
import { useViewName } from "./useViewName.ts";

type Props = {
  query: CustomersQuery;
  loading: boolean;
  show: (changes: ListChanges) => void;
};

/** Views, filters by tier, and the order of the list. */
export function CustomersFilters({ query, loading, show }: Props) {
  const { t } = useTranslation();
  const { typed, type } = useSearch({ query, show });
  const begins =
    isFiltered(query) || query.search !== null
      ? IndexFiltersMode.Filtering
      : IndexFiltersMode.Default;
  const { mode, setMode } = useSetIndexFiltersMode(begins);
  const filters = useFilters({ query, show });
  const none = withoutFilters(query);
  const tabs = useTabs(query);
  return (
    <IndexFilters
      tabs={tabs.map(({ view, name }) => ({
        id: `view-${view}`,
        content: name,
        isLocked: true,
        actions: [],
      }))}
      selected={tabs.findIndex(({ view }) => view === query.view)}
      onSelect={(index) => {
        const view = tabViews[index];
        if (view) show(plainQuery(view));
      }}
      sortOptions={useSortOptions()}
      sortSelected={[polarisSorting(query.sorting).value]}
      onSort={([chosen]) => {
        const sorting = sortings.find((name) => name === chosen?.replace(" ", "-"));
        if (sorting) show({ sorting });
      }}
      {...filters}
      onClearAll={() => {
        show({ tiers: none.tiers });
      }}
      queryPlaceholder={t("customers.search")}
      queryValue={typed}
      onQueryChange={type}
      onQueryClear={() => {
        type("");
      }}
      cancelAction={{
        onAction: () => {
          show({ tiers: none.tiers, search: null });
        },
      }}
      mode={mode}
      setMode={setMode}
      loading={loading}
      canCreateNewView={false}
      // With them Escape, which closes a list of choices, would take the filters off as well.
      disableKeyboardShortcuts
      disableStickyMode
    />
  );
}

/** After so long without another letter, what was typed is searched for. */
const PAUSE_MS = 400;

/** What is typed, which is searched for when the merchant pauses. */
function useSearch({ query: { search }, show }: Pick<Props, "query" | "show">) {
  const [typed, setTyped] = useState(search ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    typed,
    type: (text: string) => {
      setTyped(text);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        show({ search: text.trim() === "" ? null : text.trim() });
      }, PAUSE_MS);
    },
  };
}

/** A view that another page led to stands behind the others. */
function useTabs(query: CustomersQuery) {
  const { t } = useTranslation();
  const nameOf = useViewName();
  const tabs: { view: CustomersQuery["view"]; name: string }[] = tabViews.map((view) => ({
    view,
    name: t(`customers.view.${view}`),
  }));
  const known = tabs.some(({ view }) => view === query.view);
  return known ? tabs : [...tabs, { view: query.view, name: nameOf(query) }];
}

type SortingBy = Sorting extends infer Name
  ? Name extends `${infer By}-${"asc" | "desc"}`
    ? By
    : never
  : never;

/** Polaris writes a space between what is sorted by and the direction. */
function polarisSorting(name: Sorting) {
  const end = name.lastIndexOf("-");
  const by = name.slice(0, end) as SortingBy;
  const direction = name.slice(end + 1) as "asc" | "desc";
  return { by, value: `${by} ${direction}` as const };
}

function useSortOptions() {
  const { t } = useTranslation();
  return sortings.map((name) => {
    const { by, value } = polarisSorting(name);
    return {
      value,
      label: t(`customers.sort.${by}`),
      directionLabel: t(`customers.direction.${name}`),
    };
  });
}

function useFilters({ query, show }: Pick<Props, "query" | "show">) {
  const { t } = useTranslation();
  const choose = (axis: Axis, chosen: readonly Tier[]) => {
    show({ tiers: { ...query.tiers, [axis]: chosen } });
  };
  const axes = choosableAxes(query.view);
  return {
    filters: axes.map((axis) => ({
      key: axis,
      label: t(`axis.${axis}`),
      pinned: true,
      filter: (
        <ChoiceList
          allowMultiple
          title={t(`axis.${axis}`)}
          titleHidden
          choices={choosableTiers(query.view, axis).map((tier) => ({
            value: tier,
            label: t(`tier.${tier}`),
          }))}
          selected={query.tiers[axis]}
          onChange={(chosen) => {
            choose(
              axis,
              tiers.filter((tier) => chosen.includes(tier)),
            );
          }}
        />
      ),
    })),
    appliedFilters: axes
      .filter((axis) => query.tiers[axis].length > 0)
      .map((axis) => ({
        key: axis,
        label: t("customers.badge", {
          axis: t(`customers.axis.${axis}`),
          tier: query.tiers[axis].map((tier) => t(`tier.${tier}`)).join(", "),
        }),
        onRemove: () => {
          choose(axis, []);
        },
      })),
  };
}
