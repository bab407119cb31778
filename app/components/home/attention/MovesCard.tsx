import { Link } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import {
  type CustomersQuery,
  listAddress,
  MOVED_DAYS,
  plainQuery,
} from "#app/scoring/views/customers-query.ts";
import type { ScoredHome } from "#app/scoring/views/home.ts";
import { axes, type Axis } from "#engine";

const DIRECTIONS = ["up", "down"] as const;
type Direction = (typeof DIRECTIONS)[number];

const views = {
  clv: { up: "value-up", down: "value-down" },
  buy: { up: "likelihood-up", down: "likelihood-down" },
} as const satisfies Record<Axis, Record<Direction, CustomersQuery["view"]>>;

/** Who came into a higher, or lower, tier: words with a bar each, and the way to these people. */
export function MovesCard({ scored: { attention } }: { scored: ScoredHome }) {
  const { t } = useTranslation();
  if (!attention?.moved) return null;
  const { moved, reconstructed } = attention;
  const most = Math.max(1, ...axes.flatMap((axis) => [moved[axis].up, moved[axis].down]));
  return (
    <section aria-labelledby="moves">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="moves">
            {t("moves.title", { days: MOVED_DAYS })}
          </Text>
          <div className="encore-balance">
            {axes.map((axis) => (
              <div key={axis} className="encore-balance__axis">
                <Text as="h3" variant="headingSm">
                  {t(`axis.${axis}`)}
                </Text>
                {DIRECTIONS.map((direction) => (
                  <Side
                    key={direction}
                    axis={axis}
                    direction={direction}
                    count={moved[axis][direction]}
                    most={most}
                  />
                ))}
              </div>
            ))}
          </div>
          <Text as="p" tone="subdued">
            {t("moves.note")} {reconstructed.moves && t("moves.reconstructed")}{" "}
            <Link to="/app/calendar#weeks">{t("moves.byWeek")}</Link>
          </Text>
        </BlockStack>
      </Card>
    </section>
  );
}

type SideProps = { axis: Axis; direction: Direction; count: number; most: number };

function Side({ axis, direction, count, most }: SideProps) {
  const { t } = useTranslation();
  const words = t(`moves.${direction}`, { count });
  return (
    <div className={`encore-balance__side encore-balance__side--${direction}`}>
      <div className="encore-bar" aria-hidden="true">
        <div className="encore-bar__fill" style={{ inlineSize: `${(100 * count) / most}%` }} />
      </div>
      {count === 0 ? (
        <Text as="span">{words}</Text>
      ) : (
        <Link
          to={listAddress(plainQuery(views[axis][direction]))}
          aria-label={t(`moves.see.${direction}`, { count, axis: t(`axis.${axis}`) })}
        >
          {words}
        </Link>
      )}
    </div>
  );
}
