import { Link, useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useFormatting } from "#app/components/shared/Texts.tsx";
import { useRepeatedly } from "#app/components/shared/useFreshness.ts";
import type { UnscoredCustomer } from "#app/scoring/views/customer.ts";

import { CustomerFrame, type Origin } from "./CustomerFrame.tsx";

const WAIT_MS = 2_000;

type Props = { view: UnscoredCustomer; from: Origin | null };

/** Answers "why is there no score?": the customer is excluded, or not scored yet. */
export function UnscoredPage({ view, from }: Props) {
  const { t } = useTranslation();
  const left = view.exclusions.length > 0;
  useRepeatedly(left ? null : WAIT_MS);
  return (
    <CustomerFrame customer={view} from={from}>
      <div className="encore-lead" role="status">
        <Text as="p" variant="bodyLg">
          {left ? t("optOut.isLeftOut") : t("optOut.soon")}
        </Text>
      </div>
      {left && <Reasons view={view} />}
    </CustomerFrame>
  );
}

function Reasons({ view }: { view: UnscoredCustomer }) {
  const { t } = useTranslation();
  const format = useFormatting({ currency: "XXX", timeZone: view.timeZone });
  const byTag = view.exclusions.some(({ source }) => source === "tag");
  const byMerchant = view.exclusions.find(({ source }) => source === "merchant");
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="p">{t("optOut.meaning")}</Text>
        {byTag && (
          <Text as="p">
            {t("optOut.byTag", { tag: view.exclusionTag ?? "" })}{" "}
            <Link to="/app/settings">{t("optOut.toSettings")}</Link>
          </Text>
        )}
        {byMerchant && (
          <>
            <Text as="p">
              {t("optOut.byMerchant", { moment: format.moment(byMerchant.since) })}
            </Text>
            <ScoreAgain customerId={view.customerId} />
          </>
        )}
      </BlockStack>
    </Card>
  );
}

function ScoreAgain({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const fetcher = useFetcher({ key: `score again ${customerId}` });
  return (
    <InlineStack>
      <Button
        loading={fetcher.state !== "idle"}
        onClick={() => {
          fetcher.submit({ intent: "score-again" }, { method: "post" });
        }}
      >
        {t("optOut.scoreAgain")}
      </Button>
    </InlineStack>
  );
}
