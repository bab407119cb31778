import { Link } from "@remix-run/react";
import { Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { CalendarWeek } from "#app/scoring/views/calendar.ts";
import { listAddress, weekQuery } from "#app/scoring/views/customers-query.ts";

import { type RangedTexts, useRanged } from "./useRanged.ts";

type Props = { week: CalendarWeek; format: Formatting };

/** A week, which leads to the customers who are due in it. */
export function WeekRow({ week, format }: Props) {
  const { t } = useTranslation();
  const { count, amount } = useRanged(format);
  const days = t("calendar.days", {
    from: format.shortDay(week.from),
    to: format.shortDay(week.to),
  });
  return (
    <tr>
      <th scope="row">
        <Link
          to={listAddress(weekQuery(week.from))}
          aria-label={t("calendar.seeWeek", { week: days })}
        >
          {days}
        </Link>
      </th>
      <td>
        <Figure texts={count(week.customers)} />
      </td>
      <td>
        <Figure texts={amount(week.spendMinor)} />
      </td>
    </tr>
  );
}

function Figure({ texts: { expected, range } }: { texts: RangedTexts }) {
  return (
    <>
      <Text as="span" fontWeight="medium">
        {expected}
      </Text>{" "}
      <Text as="span" tone="subdued">
        ({range})
      </Text>
    </>
  );
}
