import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, List, Text } from "@shopify/polaris";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { saveFile } from "#app/components/shared/save-file.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { ModelView } from "#app/scoring/views/accuracy.ts";

type Props = { model: ModelView; format: Formatting };

/** Which models, why, with which parameters; and the whole run as a file. */
export function ModelCard({ model, format }: Props) {
  const { t } = useTranslation();
  const nameOf = ({ name, parameters }: ModelView["models"][number]) =>
    t(`accuracy.model.names.${name}`, { k: parameters.find(([known]) => known === "k")?.[1] });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("accuracy.model.title")}
        </Text>
        <Text as="p">{t("accuracy.model.body", { days: model.horizonDays })}</Text>
        <List>
          {model.models.map((one) => (
            <List.Item key={nameOf(one)}>
              {t("accuracy.model.share", { name: nameOf(one), share: format.percent(one.weight) })}
            </List.Item>
          ))}
          <List.Item>
            {model.recalibrated ? t("accuracy.model.recalibrated") : t("accuracy.model.plain")}
          </List.Item>
          <List.Item>
            {model.seasonal ? t("accuracy.model.seasonal") : t("accuracy.model.evenYear")}
          </List.Item>
          <List.Item>
            {t("accuracy.model.value", { share: format.percent(model.pastWeight) })}
          </List.Item>
        </List>
        <details className="encore-chart__table">
          <summary>{t("accuracy.model.parameters")}</summary>
          <Text as="p" tone="subdued">
            {t("accuracy.model.version", {
              version: model.engineVersion,
              day: format.day(model.asOf),
            })}
          </Text>
          <table className="encore-examples" aria-label={t("accuracy.model.parameters")}>
            <tbody>
              {model.models.flatMap((one) =>
                one.parameters.map(([parameter, value]) => (
                  <tr key={`${nameOf(one)} ${parameter}`}>
                    <th scope="row">
                      {nameOf(one)} {parameter}
                    </th>
                    <td>{String(Number(value.toPrecision(5)))}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </details>
        <InlineStack>
          <Download />
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function Download() {
  const { t } = useTranslation();
  const fetcher = useFetcher<{ name: string; file: string }>();
  const { data } = fetcher;
  useEffect(() => {
    if (data) saveFile(data.file, data.name);
  }, [data]);
  return (
    <Button
      loading={fetcher.state !== "idle"}
      onClick={() => {
        fetcher.load("/app/accuracy/run");
      }}
    >
      {t("accuracy.model.download")}
    </Button>
  );
}
