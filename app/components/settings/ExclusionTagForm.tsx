import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useRepeatedly } from "#app/components/shared/useFreshness.ts";
import { useErrorMessage } from "#app/components/shared/useProblem.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { ExclusionView, TypedTag } from "#app/scoring/exclusion/exclusion-tag.ts";

import { useUnsaved } from "./SaveBar.tsx";

const WAIT_MS = 2_000;
/** Slower polling after a failure, since the next try comes later. */
const FAILED_WAIT_MS = 20_000;

/**
 * Errors that only the merchant can fix. The texts of other errors say to try again, which happens
 * by itself here.
 */
const errorsForMerchant = new Set(["shopify-access-denied", "shopify-shop-unavailable"]);

type Props = { exclusion: ExclusionView; format: Formatting; nowMs: number };

/** The form for the exclusion tag, saved with the admin's save bar. */
export function ExclusionTagForm({ exclusion, format, nowMs }: Props) {
  const { t } = useTranslation();
  const saved = exclusion.tag ?? "";
  const [typed, setTyped] = useState(saved);
  const fetcher = useFetcher<TypedTag>({ key: "exclusion tag" });
  const answer = fetcher.data;
  useEffect(() => {
    if (answer?.kind === "tag") setTyped(answer.tag ?? "");
  }, [answer]);
  const save = () => {
    fetcher.submit({ exclusionTag: typed }, { method: "post" });
  };
  useUnsaved("exclusion", typed !== saved, {
    save,
    discard: () => {
      setTyped(saved);
    },
  });
  const looking = exclusion.tag !== null && exclusion.readAt === null;
  useRepeatedly(exclusion.failed ? FAILED_WAIT_MS : looking ? WAIT_MS : null);
  const error =
    answer?.kind === "invalid" ? t(`settings.exclusion.problem.${answer.problem}`) : undefined;
  return (
    <section aria-labelledby="left-out">
      <Card>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd" id="left-out">
              {t("settings.exclusion.title")}
            </Text>
            <Text as="p">{t("settings.exclusion.description")}</Text>
            <TextField
              label={t("settings.exclusion.label")}
              name="exclusionTag"
              autoComplete="off"
              value={typed}
              onChange={setTyped}
              helpText={t("settings.exclusion.help")}
              {...(error === undefined ? {} : { error })}
            />
            <LeftOut exclusion={exclusion} format={format} nowMs={nowMs} />
          </BlockStack>
        </form>
      </Card>
    </section>
  );
}

/** The number of customers excluded by the tag and by hand. */
function LeftOut({ exclusion, format, nowMs }: Props) {
  const { t } = useTranslation();
  const message = useErrorMessage();
  const { tag, readAt, failed, byTag, byHand } = exclusion;
  return (
    <div role="status">
      <BlockStack gap="100">
        {tag !== null && readAt === null && !failed && (
          <Text as="p">{t("settings.exclusion.looking", { tag })}</Text>
        )}
        {tag !== null && readAt !== null && (
          <Text as="p">
            {t("settings.exclusion.found", { count: byTag, tag, ago: format.ago(readAt, nowMs) })}
          </Text>
        )}
        {tag !== null && failed && (
          <Text as="p" tone="critical">
            {readAt === null
              ? t("settings.exclusion.notRead", { tag })
              : t("settings.exclusion.notReadAgain", { tag })}{" "}
            {errorsForMerchant.has(failed.code) && `${message(failed.code)} `}
            {t("settings.exclusion.nextTry", { at: format.moment(failed.nextAt) })}
          </Text>
        )}
        {byHand > 0 && <Text as="p">{t("settings.exclusion.byHand", { count: byHand })}</Text>}
      </BlockStack>
    </div>
  );
}
