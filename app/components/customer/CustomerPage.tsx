import { InlineGrid, Text } from "@shopify/polaris";

import { CustomerMoves } from "#app/components/shared/CustomerMoves.tsx";
import { useFormatting } from "#app/components/shared/Texts.tsx";
import type { CustomerView } from "#app/scoring/views/customer.ts";

import { CustomerFacts } from "./CustomerFacts.tsx";
import { CustomerFrame, type Origin } from "./CustomerFrame.tsx";
import { ChanceCard, ValueCard } from "./CustomerTiers.tsx";
import { OptOutCard } from "./OptOutCard.tsx";
import { TimelineCard } from "./TimelineCard.tsx";
import { useReasons } from "./useReasons.ts";

type Props = {
  view: CustomerView;
  from: Origin | null;
};

/** Answers "why is this customer in these tiers?" */
export function CustomerPage({ view, from }: Props) {
  const format = useFormatting({ currency: view.currency, timeZone: "UTC" });
  const reasons = useReasons(format)(view);
  return (
    <CustomerFrame customer={view} from={from}>
      <div className="encore-lead">
        <Text as="p" variant="bodyLg">
          {reasons.join(" ")}
        </Text>
      </div>
      <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
        <ValueCard view={view} format={format} />
        <ChanceCard view={view} format={format} />
      </InlineGrid>
      {view.timeline && <TimelineCard view={view} timeline={view.timeline} format={format} />}
      <CustomerFacts view={view} format={format} />
      <CustomerMoves moves={view.moves} format={format} />
      <OptOutCard customerId={view.customerId} />
    </CustomerFrame>
  );
}
