import { BlockStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { Moves } from "#app/scoring/store/moves.ts";
import type { PastWeek } from "#app/scoring/views/calendar.ts";

type Props = { weeks: PastWeek[]; format: Formatting };

/** Earlier weeks, a row each; those before the first scoring are marked. */
export function PastWeeks({ weeks, format }: Props) {
  const { t } = useTranslation();
  const moves = ({ up, down }: Moves) =>
    t("digest.upDown", { up: format.number(up), down: format.number(down) });
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {t("digest.past")}
      </Text>
      <table className="encore-examples encore-weeks" aria-label={t("digest.past")}>
        <thead>
          <tr>
            <th scope="col">{t("digest.column.until")}</th>
            <th scope="col">{t("digest.column.clv")}</th>
            <th scope="col">{t("digest.column.buy")}</th>
            <th scope="col">{t("digest.column.due")}</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map(({ until, moved, due, reconstructed }) => (
            <tr key={until}>
              <th scope="row">
                {format.shortDay(until)}
                {reconstructed && "*"}
              </th>
              <td>{moves(moved.clv)}</td>
              <td>{moves(moved.buy)}</td>
              <td>{format.number(due)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {weeks.some(({ reconstructed }) => reconstructed) && (
        <Text as="p" tone="subdued">
          {t("digest.reconstructed")}
        </Text>
      )}
    </BlockStack>
  );
}
