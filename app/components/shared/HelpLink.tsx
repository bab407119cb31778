import { Link } from "@remix-run/react";
import { Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { type HelpTerm, placeOf } from "./help-terms.ts";

/** A small link to a word in the glossary, or to all of it. */
export function HelpLink({ term }: { term?: HelpTerm }) {
  const { t } = useTranslation();
  return (
    <Text as="span" variant="bodySm">
      <Link to={term ? `/app/help#${placeOf(term)}` : "/app/help"} className="encore-help">
        {t("help.link")}
        {term && <span className="encore-hidden">{` ${t(`help.term.${term}.name`)}`}</span>}
      </Link>
    </Text>
  );
}
